/**
 * Plays Twisted's TCP and Unix socket cases on ours. They were recorded without their scripts, so what each side does is
 * written down here, by name.
 *
 * Data that came in several pieces is one line, and a producer's calls are told the first time.
 */
import { once, EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Address } from '../../../transport/address.ts';
import type { IConnection, IPushProducer, IStreamTransport } from '../../../transport/contracts.ts';
import { connectTcp, listenTcp } from '../../../transport/sockets/tcp.ts';
import { connectUnix, listenUnix, type IUNIXTransport } from '../../../transport/sockets/unix.ts';
import { HalfCloseableRecorder, Recorder, type Reactions } from '../../support/recorder.ts';
import { turns } from '../../support/turns.ts';
import { reasonName, type RecordedEvent } from '../script.ts';
import { shown, shownValue, type Log } from '../vectors.ts';

export interface SocketCase {
  readonly on: string;
  readonly name: string;
  readonly server: readonly RecordedEvent[];
  readonly client: readonly RecordedEvent[];
  readonly bothLost: boolean;
}

/** What one side does when it hears something. */
interface Script {
  readonly halfCloseable?: boolean;
  readonly made?: (me: Side) => void;
  readonly data?: (me: Side) => void;
  readonly readLost?: (me: Side) => void;
  readonly writeLost?: (me: Side) => void;
  readonly lost?: (me: Side) => void;
}

const say =
  (...words: readonly string[]) =>
  ({ transport }: Side): void => {
    for (const word of words) transport.write(Buffer.from(word));
  };
const lose = ({ transport }: Side): void => transport.loseConnection();
const halfClose = ({ transport }: Side): void => transport.loseWriteConnection();
const abort = ({ transport }: Side): void => transport.abortConnection();
const all =
  (...steps: ReadonlyArray<(me: Side) => void>) =>
  (me: Side): void => {
    for (const step of steps) step(me);
  };

const LARGE = 3_000_000;
const PRODUCED = 6_553_600;

interface Scripts {
  readonly server?: Script;
  readonly client?: Script;
}

const scripts: Readonly<Record<string, Scripts>> = {
  'server writes and loses': { server: { made: all(say('hello world'), lose) } },
  'client writes, server echoes and loses': { client: { made: say('ping') }, server: { data: all(say('echo'), lose) } },
  'large write then lose is fully delivered': {
    server: { made: all(({ transport }) => transport.write(Buffer.alloc(LARGE)), lose) },
  },
  'write after loseConnection in the same turn is delivered': { server: { made: all(say('a'), lose, say('late')) } },
  'client loses at once': { client: { made: lose } },
  'both lose': { client: { made: lose }, server: { made: lose } },
  writeSequence: {
    server: {
      made: all(({ transport }) => transport.writeSequence(['a', 'b', 'c'].map(each => Buffer.from(each))), lose),
    },
  },
  'write text raises': {
    server: {
      made: me => {
        me.tried(() => me.transport.write('text' as unknown as Uint8Array));
        lose(me);
      },
    },
  },
  'half close, plain protocols: peer treats EOF as connectionLost': { client: { made: all(say('req'), halfClose) } },
  'half close, server half-closeable, client plain': {
    client: { made: all(say('req'), halfClose) },
    server: { halfCloseable: true, readLost: all(say('reply'), lose) },
  },
  'half close, both half-closeable: reply after EOF': {
    client: { halfCloseable: true, made: all(say('req'), halfClose) },
    server: { halfCloseable: true, readLost: all(say('reply'), lose) },
  },
  'half-closeable server that ignores EOF stays open': {
    client: { halfCloseable: true, made: halfClose },
    server: { halfCloseable: true },
  },
  'write after half close is dropped': {
    client: { halfCloseable: true, made: all(say('a'), halfClose), writeLost: say('dropped') },
    server: { halfCloseable: true, readLost: lose },
  },
  'both sides half close': {
    client: { halfCloseable: true, made: halfClose },
    server: { halfCloseable: true, made: halfClose },
  },
  'push producer paused/resumed, loseConnection after unregister': {
    server: { made: me => me.produce(PRODUCED, lose) },
  },
  'pauseProducing on the receiving transport stops dataReceived': {
    client: { made: all(say('data'), lose) },
    server: {
      made: me => {
        me.transport.pauseProducing();
        void turns(50).then(() => {
          me.note('resume');
          me.transport.resumeProducing();
        });
      },
    },
  },
  'exception in dataReceived closes with that reason': {
    client: { made: say('bad') },
    server: {
      data: () => {
        throw Object.assign(new Error('division by zero'), { name: 'ZeroDivisionError' });
      },
    },
  },
  'push producer stopped when the peer goes away': {
    server: { made: me => me.produce(Infinity, lose) },
    client: { data: abort },
  },
  'abort: local ConnectionAborted, peer ConnectionLost': { client: { made: abort } },
  'abort twice': { client: { made: all(abort, abort) } },
  'abort inside dataReceived, nothing more delivered': {
    client: { made: say('one') },
    server: { data: all(abort, ({ transport }) => transport.resumeProducing()) },
  },
  'write after connectionLost does nothing': {
    server: { made: lose, lost: all(say('late'), lose) },
    client: { lost: say('late') },
  },
  'address classes': {
    server: {
      made: all(me => {
        me.note(`getPeer ${where(me.transport.getPeer())}`);
        me.note(`getHost ${where(me.transport.getHost())}`);
      }, lose),
    },
    client: {
      made: me => me.onUnix(`client getPeer ${where(me.transport.getPeer())} getHost ${where(me.transport.getHost())}`),
    },
  },
  'sendFileDescriptor with one byte': { client: { made: all(me => me.sendDescriptor(), say('x'), lose) } },
  'two descriptors, three bytes': {
    client: {
      made: all(
        me => me.sendDescriptor(),
        me => me.sendDescriptor(),
        say('xyz'),
        lose,
      ),
    },
  },
  'more descriptors than bytes -> FileDescriptorOverrun': {
    client: {
      made: all(
        me => me.sendDescriptor(),
        me => me.sendDescriptor(),
        say('x'),
        lose,
      ),
    },
  },
  'receiver without IFileDescriptorReceiver: descriptor closed silently, byte delivered': {
    client: { made: all(me => me.sendDescriptor(), say('x'), lose) },
  },
};

/** A host without its port, or the name of a socket's file; an unnamed socket is None. */
function where(address: Address): string {
  if (address.kind === 'tcp') return address.host;
  return address.kind === 'unix' ? address.path.replace(/^.*\//, '') || 'None' : address.kind;
}

export async function playSockets({
  on,
  name,
  server,
  client,
  bothLost,
}: SocketCase): Promise<{ twisted: Log; ours: Log }> {
  const script = scripts[name.slice(on.length + 2)];
  if (!script) throw new Error(`nobody has said what the sides do in "${name}"`);
  const sides = { server: new Side(on, script.server ?? {}), client: new Side(on, script.client ?? {}) };
  await connect(on, sides);
  const both = Object.values(sides);
  if (bothLost) await Promise.all(both.map(side => side.protocol.ended()));
  else await Promise.all([sides.server.heard(server.length), sides.client.heard(client.length)]);
  await turns(5);
  const ours = tidy(sides.server.log, sides.client.log);
  for (const { transport } of both) transport.abortConnection();
  return { twisted: tidy(server.map(eventLine), client.map(eventLine)), ours };
}

const tidy = (server: Log, client: Log): Log => [
  ...ordered(server).map(line => `server ${line}`),
  ...ordered(client).map(line => `client ${line}`),
];

/** Which of two directions ends first is a race between two machines; here, ours does. */
const ordered = (log: Log): Log =>
  log
    .join('\n')
    .replace('readConnectionLost\nwriteConnectionLost', 'writeConnectionLost\nreadConnectionLost')
    .split('\n');

function eventLine([what, ...values]: RecordedEvent): string {
  const words = values.filter(value => !/^(IPv4Address|UNIXAddress|TCP)$/.test(String(value)));
  if (what === 'raises') return 'raises';
  return [String(what), ...words.map(value => shownValue(value).replace(/^"(s)"$/, '$1'))].join(' ');
}

async function connect(on: string, { server, client }: { server: Side; client: Side }): Promise<void> {
  const accepted = new EventEmitter();
  const accept = () => {
    queueMicrotask(() => accepted.emit('connection'));
    return server.protocol;
  };
  const folder = mkdtempSync(join(tmpdir(), 'nacre-'));
  const path = join(folder, 's');
  const host = '127.0.0.1';
  const listener = on === 'tcp' ? await listenTcp({ host, port: 0 }, accept) : await listenUnix({ path }, accept);
  const { address } = listener;
  const connecting: Promise<IConnection> =
    address.kind === 'tcp'
      ? connectTcp({ host, port: address.port }, client.protocol)
      : connectUnix({ path }, client.protocol);
  await Promise.all([connecting, once(accepted, 'connection')]);
  await listener.close();
  rmSync(folder, { recursive: true });
}

class Side {
  readonly protocol: Recorder;
  readonly #on: string;
  readonly #log: string[] = [];
  /** Data that may go on. */
  #data: Uint8Array[] = [];

  constructor(on: string, script: Script) {
    this.#on = on;
    const hear = (line: string, react?: (me: Side) => void): void => {
      this.note(line);
      react?.(this);
    };
    const reactions: Reactions = {
      makeConnection: () => hear('connectionMade', script.made),
      dataReceived: data => {
        script.data?.(this);
        this.#data.push(data);
      },
      readConnectionLost: () => hear('readConnectionLost', script.readLost),
      writeConnectionLost: () => hear('writeConnectionLost', script.writeLost),
      connectionLost: reason => hear(`connectionLost ${reasonName(reason)}`, script.lost),
    };
    this.protocol = script.halfCloseable ? new HalfCloseableRecorder(reactions) : new Recorder(reactions);
  }

  get transport(): IStreamTransport {
    return this.protocol.transport;
  }

  get log(): Log {
    if (this.#data.length > 0) this.#log.push(`dataReceived ${shown(Buffer.concat(this.#data.splice(0)))}`);
    return this.#log;
  }

  note(line: string): void {
    void this.log;
    this.#log.push(line);
  }

  onUnix(line: string): void {
    if (this.#on === 'unix') this.note(line);
  }

  tried(call: () => void): void {
    try {
      call();
    } catch {
      this.note('raises');
    }
  }

  /** Resolves when so much has been heard. */
  heard(lines: number): Promise<void> {
    return this.protocol.until(() => this.log.length >= lines);
  }

  sendDescriptor(): void {
    this.tried(() => (this.transport as IUNIXTransport).sendFileDescriptor(1));
  }

  /** Write so many bytes as a push producer, then unregister and go on. */
  produce(bytes: number, then: (me: Side) => void): void {
    let left = bytes;
    let paused = false;
    const note = (line: string): void => {
      if (!this.log.includes(line)) this.note(line);
    };
    const run = (): void => {
      for (; left > 0 && !paused; left -= 65_536) this.transport.write(Buffer.alloc(65_536));
      if (left > 0) return;
      this.note('unregisterProducer');
      this.transport.unregisterProducer();
      then(this);
    };
    const producer: IPushProducer = {
      pauseProducing: () => {
        paused = true;
        note('producer.pauseProducing');
      },
      resumeProducing: () => {
        paused = false;
        note('producer.resumeProducing');
        run();
      },
      stopProducing: () => {
        paused = true;
        note('producer.stopProducing');
      },
    };
    this.transport.registerProducer(producer, true);
    run();
  }
}
