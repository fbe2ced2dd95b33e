/** Our server as a subject. */
import type { Session } from '../../server/session.ts';
import type { CloseReason } from '../../transport/close-reason.ts';
import { closeReasonText } from '../../transport/close-reason.ts';
import type { IHalfCloseableProtocol, IPushProducer, IStreamTransport } from '../../transport/contracts.ts';
import { Journal } from '../support/journal.ts';
import { hostKeyOf, startServer, userKey } from '../support/nacre-server.ts';
import { makeTestKey } from '../support/ssh-keys.ts';
import { patience, type Behaviour, type ProgramIo, type Subject } from './subject.ts';

export async function startNacre(behaviour: Behaviour): Promise<Subject> {
  const facts = new Journal<string>();
  const hostKeys =
    behaviour.hostKeys && (await Promise.all(behaviour.hostKeys.map(kind => hostKeyOf(makeTestKey(kind)))));
  const { port } = await startServer(
    {
      ...(hostKeys ? { hostKeys } : {}),
      ...(behaviour.rekeyBytes === undefined ? {} : { rekeyBytes: behaviour.rekeyBytes }),
      ...(behaviour.loginGraceTime === undefined ? {} : { loginGraceTime: behaviour.loginGraceTime }),
      authorize: async (user, key) => {
        facts.note(`asked about ${key.type}`);
        await behaviour.loginAfter;
        return behaviour.authorize?.(user) ?? (userKey.blob.equals(key.blob) || key.type === 'ssh-rsa');
      },
      onEvent: ({ event }) => {
        if (event === 'connection-closed') facts.note('connection closed');
        if (event === 'login-accepted') facts.note('logged in');
      },
    },
    session => run(session, behaviour, facts),
  );
  return { port, facts, key: userKey, patience: patience.long };
}

async function run(session: Session, { startAfter, program }: Behaviour, facts: Journal<string>): Promise<void> {
  const { request, pty } = session;
  if (pty) facts.note(`modes ${JSON.stringify(Object.fromEntries(pty.modes))}`);
  facts.note(request?.kind === 'exec' ? `exec ${JSON.stringify(request.command)}` : 'shell');
  session.attach({
    signal: name => {
      facts.note(`signal ${name}`);
      return true;
    },
    resize: ({ columns, rows }) => facts.note(`size ${columns}x${rows}`),
    closeOutput: () => facts.note('output dropped'),
  });
  if (startAfter) await startAfter;
  const io = new Io(session, facts);
  session.channel.start(io);
  session.channel.registerProducer(io, true);
  const status = program ? await program(io) : await new Promise<number>(() => undefined);
  session.channel.unregisterProducer();
  io.stopProducing();
  session.exit(
    typeof status === 'number'
      ? { code: status, signal: null, coreDumped: false }
      : { code: null, signal: status, coreDumped: false },
  );
}

/** A producer that waits while it is paused, and a protocol that collects what comes. */
class Io implements ProgramIo, IHalfCloseableProtocol, IPushProducer {
  readonly #session: Session;
  readonly #facts: Journal<string>;
  readonly #input: Buffer[] = [];
  readonly #changes = new Journal<string>();
  #paused = false;
  #inputEnded = false;

  constructor(session: Session, facts: Journal<string>) {
    this.#session = session;
    this.#facts = facts;
  }

  write(data: Uint8Array): Promise<void> {
    this.#session.channel.write(data);
    return this.#whenResumed();
  }

  writeError(data: Uint8Array): Promise<void> {
    this.#session.channel.writeExtended(data);
    return this.#whenResumed();
  }

  endOutput(): void {
    this.#session.channel.unregisterProducer();
    this.#session.channel.loseWriteConnection();
  }

  async input(): Promise<Buffer> {
    await this.#changes.until(() => this.#inputEnded, 'the end of the input');
    return Buffer.concat(this.#input);
  }

  makeConnection(_transport: IStreamTransport): void {
    // The session's channel is known.
  }

  dataReceived(data: Uint8Array): void {
    this.#input.push(Buffer.from(data));
  }

  readConnectionLost(): void {
    this.#inputEnded = true;
    this.#changes.wake();
  }

  writeConnectionLost(): void {
    // Nobody waits for it.
  }

  connectionLost(reason: CloseReason): void {
    this.#facts.note(`told of the end: ${closeReasonText(reason)}`);
    this.readConnectionLost();
  }

  pauseProducing(): void {
    this.#paused = true;
  }

  resumeProducing(): void {
    this.#paused = false;
    this.#changes.wake();
  }

  stopProducing(): void {
    this.resumeProducing();
  }

  #whenResumed(): Promise<void> {
    return this.#changes.until(() => !this.#paused, 'room to write', 60_000);
  }
}
