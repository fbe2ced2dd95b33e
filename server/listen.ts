/**
 * Listen for SSH connections and run their sessions with one handler.
 */
import type { HostKey } from '../keys/host-key.ts';
import { signatureAlgorithms } from '../keys/signature-algorithms.ts';
import type { HandshakeKey } from '../ssh/packets.ts';
import { serverLinks } from '../ssh/ssh2/links.ts';
import type { IProtocol } from '../transport/contracts.ts';
import type { TcpAddress } from '../transport/address.ts';
import { listenTcp, type TcpListener } from '../transport/sockets/tcp.ts';
import { FrontDoor, type Visitor } from './admission/front-door.ts';
import { chosenAlgorithms } from './algorithm-choice.ts';
import { Incoming, type IncomingContext } from './incoming.ts';
import { KnownKeys } from './known-keys.ts';
import { QueueBudget } from './limits/queue-budget.ts';
import { resolveListenOptions, type ListenOptions, type ResolvedOptions } from './options.ts';
import type { Handler } from './session.ts';

/** Bytes queued on a socket above which sessions are paused: enough to keep a fast line busy. */
const SOCKET_HIGH_WATER_MARK = 256 * 1024;

export interface Server extends AsyncDisposable {
  /** Where it listens, with the real ports, in the order of the options. */
  readonly addresses: readonly TcpAddress[];
  readonly connections: number;
  readonly sessions: number;
  /**
   * Stop listening, let running sessions end for up to `drainTime` milliseconds, then disconnect who is left.
   * Resolves when nobody is.
   */
  close(drainTime?: number): Promise<void>;
  /** Drop everything now. */
  abort(): void;
}

/** Resolves when all addresses are open. Rejects with ConfigError, or the system's error (`EADDRINUSE` …). */
export async function listen(options: ListenOptions, handler: Handler): Promise<Server> {
  const server = new SshServer(resolveListenOptions(options), handler);
  await server.open();
  return server;
}

class SshServer implements Server {
  readonly #options: ResolvedOptions;
  readonly #context: IncomingContext;
  readonly #incoming = new Set<Incoming>();
  readonly #listeners: TcpListener[] = [];
  readonly #door: FrontDoor;
  #count = 0;
  #whenEmpty: Array<() => void> = [];

  constructor(options: ResolvedOptions, handler: Handler) {
    this.#options = options;
    const { algorithms, rekeyBytes, rekeyTime, rekeyTimeout, softwareVersion: software } = options;
    const hostKeys = options.hostKeys.map(handshakeKey);
    const link = serverLinks({
      hostKeys,
      algorithms: chosenAlgorithms(algorithms),
      signatureAlgorithms,
      software,
      keyLimits: { rekeyBytes, rekeyTime, rekeyTimeout },
    });
    const announcedKeys = [...hostKeys, ...options.nextHostKeys.map(handshakeKey)];
    const queues = new QueueBudget(options.limits.queuedBytes.total);
    const shared = { options, handler, announcedKeys, link, queues, sessions: { open: 0 }, knownKeys: new KnownKeys() };
    this.#context = { ...shared, ended: incoming => this.#ended(incoming) };
    this.#door = new FrontDoor(options.admission, options.proxyProtocol, {
      random: Math.random,
      now: () => performance.now(),
      report: options.onEvent,
      welcome: visitor => this.#welcome(visitor),
    });
  }

  get addresses(): readonly TcpAddress[] {
    return this.#listeners.map(({ address }) => address);
  }

  get connections(): number {
    return this.#incoming.size;
  }

  get sessions(): number {
    return this.#context.sessions.open;
  }

  async open(): Promise<void> {
    try {
      for (const { host, port } of this.#options.listen) this.#listeners.push(await this.#listenOn(host, port));
    } catch (error) {
      await this.#stopListening();
      throw error;
    }
    for (const { host, port } of this.addresses) {
      this.#options.onEvent({ event: 'listening', level: 'info', host, port });
    }
  }

  async close(drainTime = 0): Promise<void> {
    await this.#stopListening();
    for (const incoming of this.#incoming) incoming.drain();
    const deadline = setTimeout(() => this.#disconnectAll(), drainTime);
    await this.#empty();
    clearTimeout(deadline);
  }

  abort(): void {
    void this.#stopListening();
    for (const incoming of this.#incoming) incoming.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #listenOn(host: string, port: number): Promise<TcpListener> {
    const onError = (error: Error): void =>
      this.#options.onEvent({ event: 'accept-failed', level: 'error', error: error.message });
    return listenTcp({ host, port, highWaterMark: SOCKET_HIGH_WATER_MARK, onError }, peer => this.#door.receive(peer));
  }

  #welcome(visitor: Visitor): IProtocol {
    const incoming = new Incoming(++this.#count, visitor, this.#context);
    this.#incoming.add(incoming);
    return incoming.protocol;
  }

  async #stopListening(): Promise<void> {
    const closed = Promise.all(this.#listeners.map(listener => listener.close()));
    this.#door.close();
    await closed;
  }

  #disconnectAll(): void {
    for (const incoming of this.#incoming) incoming.disconnect();
  }

  #ended(incoming: Incoming): void {
    this.#incoming.delete(incoming);
    if (this.#incoming.size === 0) for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }

  #empty(): Promise<void> {
    if (this.#incoming.size === 0) return Promise.resolve();
    return new Promise(resolve => this.#whenEmpty.push(resolve));
  }
}

const handshakeKey = (key: HostKey): HandshakeKey => ({ ...key, blob: key.publicKey.blob });
