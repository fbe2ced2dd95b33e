/**
 * Plays Twisted's SSHConnection scripts on ours: messages from a peer, calls on the channel, and what is sent and heard.
 *
 * The channel types and requests of the script's server are served here by our tables. Twisted's `closeReceived` and
 * `closed` are one call of ours, connectionLost. stopWriting and startWriting are left out as for channels.
 */
import { SshConnection } from '../../../ssh/connection.ts';
import type { Channel } from '../../../ssh/channel.ts';
import { ChannelOpenError, type ChannelType } from '../../../ssh/connection-options.ts';
import { done } from '../../../transport/close-reason.ts';
import { Recorder } from '../../support/recorder.ts';
import { turns } from '../../support/turns.ts';
import { play, type RecordedEvent, type Script } from '../script.ts';
import { shown, shownValue, type Log } from '../vectors.ts';
import { recordedMessage, RecordedLink, sentLine, slicesJoined } from './ssh-link.ts';

export interface ConnectionScript extends Script {
  readonly channelArgs: { readonly localWindow?: number };
}

/** What a peer asked for, and how that is answered at once; `later` is answered when the script says. */
const answers: Readonly<Record<string, boolean>> = { yes: true, 'with-dash': true, data: true, no: false };

/** Channel types that the script's server refuses, each in its way. */
const refused: Readonly<Record<string, number>> = { refuse: 1, reversed: 4 };

export async function playConnection({
  name,
  steps,
  channelArgs,
}: ConnectionScript): Promise<{ twisted: Log; ours: Log }> {
  const server = new ScriptedServer(name, channelArgs.localWindow ?? 131_072);
  const turned = async (call: () => unknown): Promise<void> => {
    call();
    await turns(2);
  };
  await play(
    steps,
    {
      recv: (what: string, payload: Uint8Array) => turned(() => server.link.receive(recordedMessage(what, payload))),
      open: () => turned(() => server.open()),
      ch: (method: 'write', ...args: [Uint8Array]) => turned(() => server.callChannel(method, args)),
      sendEOF: () => turned(() => server.channel?.loseWriteConnection()),
      request: (type: Buffer, data: Uint8Array, wantReply: number) =>
        turned(() => server.request(String(type), data, wantReply === 1)),
      global: () => server.log.push('nobody can ask for that'),
      later: (success: number) => turned(() => server.answerLater(success === 1)),
      laterFail: () => turned(() => server.answerLater(new Error('the answer is an error'))),
      serviceStopped: () => turned(() => server.link.lose(done)),
    },
    server.log,
  );
  server.link.lose(done);
  return { twisted: slicesJoined(steps.flatMap(twistedLines)), ours: slicesJoined(server.takeLog()) };
}

const inner = /^(ch\.(stopWriting|startWriting|closeReceived)|\(no Deferred\))$/;

function twistedLines({ events, raises }: Script['steps'][number]): Log {
  const lines = events.flatMap(event => (inner.test(String(event[0])) ? [] : [eventLine(event)]));
  return raises ? [...lines, 'the connection dies'] : lines;
}

function eventLine(event: RecordedEvent): string {
  const [what, ...values] = event;
  if (what === 'send') return sentLine(event);
  if (what === 'fired') return `answered ${String(values[0])}`;
  if (what === 'failed') return `failed ${String(values[0])}`;
  const name = String(what)
    .replace(/^(ch\.request|global)_/, '$1 ')
    .replaceAll('_', '-');
  if (name === 'ch.openFailed') return `ch.openFailed ${shownValue(values.at(-1) ?? 'lost')}`;
  return [name, ...values.map(shownValue)].join(' ');
}

class ScriptedServer {
  readonly log: string[] = [];
  readonly link = new RecordedLink(this.log);
  readonly #connection: SshConnection;
  readonly #name: string;
  channel: Channel | undefined;
  #answerLater: ((answer: boolean | Error) => void) | undefined;
  #over = false;

  constructor(name: string, initialWindowSize: number) {
    this.#name = name;
    this.#connection = new SshConnection(this.link, {
      initialWindowSize,
      channelTypes: { session: { opened: (channel, data) => this.#opened(channel, data) }, ...this.#refusing() },
      globalRequests: Object.fromEntries(
        Object.entries(answers).map(([type, answer]) => [
          type,
          data => {
            this.#note(`global ${type} ${shown(data)}`);
            return answer;
          },
        ]),
      ),
    });
  }

  /** What was written down until now; what comes later is the test's own doing. */
  takeLog(): Log {
    this.#over = true;
    return this.log;
  }

  open(): void {
    this.#connection.openChannel('session').then(
      channel => this.#opened(channel, Buffer.from('spec')),
      (error: Error) => this.#note(`ch.openFailed ${error instanceof ChannelOpenError ? error.reason : 'lost'}`),
    );
  }

  /** A method of the channel's; before there is a channel, nobody can call it. */
  callChannel(method: 'write', args: [Uint8Array]): void {
    if (!this.channel) return this.#note('nobody can write yet');
    if (String(method) === 'writeExtended') this.channel.writeExtended(args.at(-1) as Uint8Array);
    else this.channel[method](...args);
  }

  request(type: string, data: Uint8Array, wantReply: boolean): void {
    void this.channel?.request(type, data, wantReply).then(success => {
      if (wantReply) this.#note(`${success ? 'answered' : 'failed'} ${type}`);
    });
  }

  answerLater(answer: boolean | Error): void {
    this.#answerLater?.(answer);
  }

  #note(line: string): void {
    if (!this.#over) this.log.push(line);
  }

  #refusing(): Record<string, ChannelType> {
    const types = Object.entries(refused).map(([type, reason]) => [
      type,
      { refuse: () => ({ reason, text: '' }), opened: () => undefined },
    ]);
    const boom = {
      refuse: () => {
        throw new Error('a fault in the server');
      },
      opened: () => undefined,
    };
    return { ...(Object.fromEntries(types) as Record<string, ChannelType>), boom };
  }

  #opened(channel: Channel, data: Buffer): void {
    this.channel = channel;
    this.#note(`ch.channelOpen ${shown(data)}`);
    if (this.#name.includes('channelOpen raising')) throw new Error('a fault in the server');
    channel.onRequest((type, data) => this.#answer(type, data));
    channel.start(
      new Recorder({
        dataReceived: data => this.#note(`ch.dataReceived ${shown(data)}`),
        connectionLost: () => {
          this.#note('ch.closed');
          if (this.#name.includes('closed() that writes')) channel.write(Buffer.from('x'));
        },
      }),
    );
  }

  #answer(type: string, data: Buffer): boolean | Promise<boolean> {
    this.#note(`ch.request ${type} ${shown(data)}`);
    const answer = answers[type];
    if (answer !== undefined) return answer;
    if (type !== 'later') throw new Error('a fault in the server');
    return new Promise((resolve, reject) => {
      this.#answerLater = answer => (answer instanceof Error ? reject(answer) : resolve(answer));
    });
  }
}
