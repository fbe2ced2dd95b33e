/**
 * Plays Twisted's SSHSession scripts on ours: requests of a client, and a program that does what the script says.
 *
 * Twisted asks an avatar for everything; with us requests are answered by server/session-requests.ts, and the handler
 * starts the program. A program is told to go up to three times, also when it has ended, by ours as `loseConnection` or
 * `hangUp`: in both logs that is one line, the last. `session.closed` is our event `session-ended`.
 */
import { SshConnection } from '../../../ssh/connection.ts';
import type { SessionEvent } from '../../../server/events.ts';
import { runProgram } from '../../../server/session-process.ts';
import { answerSessionRequest } from '../../../server/session-requests.ts';
import { Session, type SessionRequest } from '../../../server/session.ts';
import { done, type ExitStatus } from '../../../transport/close-reason.ts';
import type { IProcessProtocol, IProcessTransport } from '../../../transport/contracts.ts';
import { turns } from '../../support/turns.ts';
import { play, type RecordedEvent, type Script } from '../script.ts';
import { argument, shown, shownValue, type Log } from '../vectors.ts';
import { recordedMessage, RecordedLink, sentLine, slicesJoined } from './ssh-link.ts';

export async function playSession({ steps }: Script): Promise<{ twisted: Log; ours: Log }> {
  const log: string[] = [];
  const link = new RecordedLink(log);
  const server = new ScriptedSession(log);
  const connection = server.connection(link);
  const turned = async (call: () => unknown): Promise<void> => {
    call();
    await turns(3);
  };
  await play(
    steps,
    {
      recv: (what: string, payload: Uint8Array) => turned(() => link.receive(recordedMessage(what, payload))),
      pp: (event: string, ...values: unknown[]) => turned(() => server.program(event, values)),
      serviceStopped: () => turned(() => link.lose(done)),
    },
    log,
  );
  const ours = tidy([...log]);
  connection.linkLost(done);
  return { twisted: tidy(steps.flatMap(({ events }) => events.map(eventLine))), ours };
}

function eventLine(event: RecordedEvent): string {
  const [what, ...values] = event;
  if (what === 'send') return sentLine(event);
  return [String(what).replace('proc.loseConnection', 'proc.hangUp'), ...values.map(shownValue)].join(' ');
}

/** That the program is hung up is said once, at the end. */
function tidy(log: Log): Log {
  const others = log.filter(line => line !== 'proc.hangUp');
  return slicesJoined(others.length < log.length ? [...others, 'proc.hangUp'] : others);
}

class ScriptedSession {
  readonly #log: string[];
  #session: Session | undefined;
  #program: IProcessProtocol | undefined;
  #outputs = new Set(['outConnectionLost', 'errConnectionLost']);

  constructor(log: string[]) {
    this.#log = log;
  }

  connection(link: RecordedLink): SshConnection {
    return new SshConnection(link, {
      initialWindowSize: 131_072,
      channelTypes: {
        session: {
          opened: channel => {
            const session = new Session(channel, {
              user: 'user',
              software: 'test',
              handler: each => runProgram(each, protocol => this.#start(each.request, protocol)),
              report: event => this.#report(event),
            });
            this.#session = session;
            channel.onRequest((type, data) => this.#answer(session, type, data));
          },
          closed: () => this.#session?.ended(),
        },
      },
    });
  }

  /** What the program does, by Twisted's names. */
  program(event: string, [value, code]: unknown[]): void {
    const program = this.#program;
    if (event === 'outReceived') program?.outReceived(argument(value) as Uint8Array);
    else if (event === 'errReceived') program?.errReceived(argument(value) as Uint8Array);
    else if (event === 'loseConnection') this.#session?.channel.loseConnection();
    else if (event === 'processEnded') program?.processEnded(status(value, code));
    else this.#outputs.delete(event);
  }

  /** What the session was asked to do, in the words of Twisted's avatar. */
  #answer(session: Session, type: string, data: Buffer): boolean {
    const { pty } = session;
    const success = answerSessionRequest(session, type, data);
    if (session.pty && session.pty !== pty && type === 'pty-req') this.#log.push(ptyLine(session.pty));
    if (success && type === 'env')
      this.#log.push(
        `session.setEnv ${[...session.environment]
          .flat()
          .map(text => JSON.stringify(text))
          .join(' ')}`,
      );
    return success;
  }

  #start(request: SessionRequest | undefined, protocol: IProcessProtocol): IProcessTransport {
    this.#program = protocol;
    if (request?.kind === 'exec' && request.command === 'fail') throw new Error('cannot be started');
    this.#log.push(
      request?.kind === 'exec' ? `session.execCommand ${JSON.stringify(request.command)}` : 'session.openShell',
    );
    const program = programOf(this.#log);
    protocol.makeConnection(program);
    return program;
  }

  #report({ event }: SessionEvent): void {
    if (event === 'session-ended') this.#log.push('session.closed');
  }
}

function status(how: unknown, code: unknown): ExitStatus {
  if (how === 'exit0') return { code: 0, signal: null, coreDumped: false };
  if (how === 'exit') return { code: Number(code), signal: null, coreDumped: false };
  const signal = signals[Number(code)] ?? 'SIGUNKNOWN';
  return { code: null, signal, coreDumped: how === 'core' };
}

const signals: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  11: 'SIGSEGV',
  28: 'SIGWINCH',
};

function ptyLine({ term, size, modes }: NonNullable<Session['pty']>): string {
  const { columns, rows, widthPixels, heightPixels } = size;
  const numbers = JSON.stringify([rows, columns, widthPixels, heightPixels]);
  return `session.getPty ${JSON.stringify(term)} ${numbers} ${JSON.stringify([...modes])}`;
}

/** A program that writes down what it is told. */
function programOf(log: string[]): IProcessTransport {
  const ignored = (): void => undefined;
  const told = {
    pid: 1,
    write: (data: Uint8Array) => void log.push(`proc.write ${shown(data)}`),
    loseWriteConnection: () => void log.push('session.eofReceived'),
    loseConnection: () => void log.push('proc.hangUp'),
    hangUp: () => void log.push('proc.hangUp'),
    closeChildFD: ignored,
    registerProducer: ignored,
    unregisterProducer: ignored,
    pauseProducing: ignored,
    resumeProducing: ignored,
    stopProducing: ignored,
    resize: ignored,
    signalProcess: () => true,
  };
  return told as unknown as IProcessTransport;
}
