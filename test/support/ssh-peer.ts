/**
 * A client that does as it is told: it exchanges keys by the book and then sends any message at any time.
 *
 * The packet layer is stock ssh2's, if no other is given; above it there is only what a test says. Messages are read in
 * the order of their arrival with `next`; those of a channel go to its PeerChannel instead.
 */
import { connect, type Socket } from 'node:net';
import { Message } from '../../ssh/codes.ts';
import { boolean, byte, message, string, WireReader, type Field } from '../../ssh/wire.ts';
import { closeAfterTest } from './cleanup.ts';
import { Journal } from './journal.ts';
import { PeerChannel } from './peer-channel.ts';
import { StockPackets, type PacketEvents, type PacketLayer, type PacketOptions } from './packet-layer.ts';
import type { TestKey } from './ssh-keys.ts';

export interface PeerOptions extends PacketOptions {
  /** @default stock ssh2's */
  readonly packets?: (options: PacketOptions, events: PacketEvents) => PacketLayer;
  /** What goes to the socket instead of bytes that the packet layer has written, sealed or not. @default the bytes */
  readonly tamper?: (written: Buffer) => readonly Uint8Array[];
}

/** How a server ended the connection: with a DISCONNECT, or without a word. */
export interface Goodbye {
  readonly reason?: number;
  readonly text?: string;
}

const KEXINIT = 20;

export class SshPeer {
  /** Every message from the server that is not part of a key exchange, in order. */
  readonly received = new Journal<Buffer>();
  /** Global requests of the server's; they are not among `received`. */
  readonly globalRequests = new Journal<Buffer>();
  readonly socket: Socket;
  /** Key exchanges completed. */
  exchanges = 0;
  error: Error | undefined;
  /** Leave key exchanges that the server takes part in to the test. */
  passive = false;
  #read = 0;
  #closed = false;
  #goodbye: Goodbye = {};
  #held: Uint8Array[] = [];
  readonly #packets: PacketLayer;
  readonly #channels = new Map<number, PeerChannel>();

  /** Connect, and exchange keys. Rejects if the server ends the connection first. */
  static async connect(port: number, options: PeerOptions = {}): Promise<SshPeer> {
    const peer = SshPeer.start(port, options);
    await peer.received.until(() => peer.exchanges > 0 || peer.#closed, 'the end of the key exchange');
    if (peer.exchanges === 0) throw peer.error ?? new Error('the server ended the connection');
    return peer;
  }

  /** Connect and log in. */
  static async login(port: number, key: TestKey, options: PeerOptions = {}): Promise<SshPeer> {
    const peer = await SshPeer.connect(port, options);
    await peer.requestService();
    peer.sendSigned('user', key);
    await peer.expect(Message.USERAUTH_SUCCESS);
    return peer;
  }

  /** Connect, and wait for nothing. */
  static start(port: number, options: PeerOptions = {}): SshPeer {
    return new SshPeer(port, options);
  }

  private constructor(port: number, options: PeerOptions) {
    const { packets = (...given) => new StockPackets(...given), tamper = data => [data] } = options;
    this.#packets = packets(options, {
      write: data => this.#write(tamper(data)),
      received: payload => this.#payloadReceived(payload),
      exchanged: () => this.#exchanged(),
      failed: error => this.#failed(error),
    });
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const forget = closeAfterTest(() => void this.socket.destroy());
    this.socket.on('connect', () => this.#inOneWrite(() => this.#packets.start()));
    this.socket.on('data', (data: Buffer) => this.#inOneWrite(() => this.#parse(data)));
    this.socket.on('error', error => this.#failed(error));
    this.socket.on('close', () => {
      forget();
      this.#socketClosed();
    });
  }

  get sessionId(): Buffer {
    return this.#packets.sessionId;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** One message, made of `fields`; in the middle of a key exchange, where nothing may be said, behind its end. */
  send(...fields: readonly Field[]): void {
    const payload = message(...fields);
    if (this.exchangingKeys) this.#held.push(payload);
    else this.sendNow(payload);
  }

  /** One message at once, even in the middle of a key exchange. */
  sendNow(payload: Uint8Array): void {
    this.#packets.send(payload);
  }

  /** The sequence number of the next packet. RFC 4253 §6.4. */
  get nextSequence(): number {
    return this.#packets.nextSequence;
  }

  rekey(): void {
    this.#packets.rekey();
  }

  /** Is a key exchange going on? Nothing else may be sent then. */
  get exchangingKeys(): boolean {
    return this.#packets.exchangingKeys;
  }

  // — reading —

  /** The next message that no channel has taken. Rejects when the connection ends instead. */
  async next(deadline?: number): Promise<Buffer> {
    const there = (): boolean => this.received.entries.length > this.#read || this.#closed;
    await this.received.until(there, 'a message', deadline);
    const payload = this.received.entries[this.#read++];
    if (!payload) throw new Error(`the connection ended: ${JSON.stringify(this.#goodbye)}`);
    return payload;
  }

  /** The next message, which must have this number; answers a reader behind the number. */
  async expect(number: number): Promise<WireReader> {
    const payload = await this.next();
    if (payload[0] !== number) throw new Error(`expected message ${number}, got ${describe(payload)}`);
    const reader = new WireReader(payload, `message ${number}`);
    reader.byte();
    return reader;
  }

  /** Numbers of all messages that came, DISCONNECT included. */
  get numbers(): number[] {
    return this.received.entries.map(payload => payload[0] ?? -1);
  }

  /** How the server ended the connection. */
  async gone(deadline?: number): Promise<Goodbye> {
    await this.received.until(() => this.#closed, 'the end of the connection', deadline);
    return this.#goodbye;
  }

  /** Everything sent so far has been dealt with: RFC 4254 §4 has global requests answered in order. After login only. */
  async barrier(deadline?: number): Promise<void> {
    this.send(byte(Message.GLOBAL_REQUEST), string('barrier@test'), boolean(true));
    let payload = await this.next(deadline);
    while (payload[0] !== Message.REQUEST_FAILURE) payload = await this.next(deadline);
  }

  // — login —

  async requestService(): Promise<void> {
    this.send(byte(Message.SERVICE_REQUEST), string('ssh-userauth'));
    let payload = await this.next();
    while (payload[0] === Message.EXT_INFO) payload = await this.next();
    if (payload[0] !== Message.SERVICE_ACCEPT) throw new Error(`expected SERVICE_ACCEPT, got ${describe(payload)}`);
  }

  /** A login request of any method. */
  sendLogin(user: string, method: string, ...fields: readonly Field[]): void {
    this.send(byte(Message.USERAUTH_REQUEST), string(user), string('ssh-connection'), string(method), ...fields);
  }

  /** "Would this key do?" */
  sendQuery(user: string, key: TestKey, algorithm = key.type): void {
    this.sendLogin(user, 'publickey', boolean(false), string(algorithm), string(key.blob));
  }

  /** A signed login. What is not given is as it should be. */
  sendSigned(user: string, key: TestKey, with_: SignedLogin = {}): void {
    const { algorithm = firstAlgorithm(key), signer = key, sessionId = this.sessionId, signAs = algorithm } = with_;
    const head = [string(user), string('ssh-connection'), string('publickey')];
    const request = [byte(50), ...head, boolean(true), string(algorithm), string(key.blob)];
    const signature = with_.signature ?? signer.sign(signAs, message(string(sessionId), ...request));
    this.send(...request, string(signature));
  }

  // — channels —

  openSession(options?: { window?: number; maxPacket?: number; manual?: boolean }): Promise<PeerChannel> {
    const channel = this.addChannel(options);
    this.send(byte(Message.CHANNEL_OPEN), string('session'), ...channel.openFields);
    return channel.opened();
  }

  /** A channel to route messages to; the open message is the caller's to send. */
  addChannel(options?: { window?: number; maxPacket?: number; manual?: boolean }): PeerChannel {
    const channel = new PeerChannel((...fields) => this.send(...fields), this.#channels.size, options);
    this.#channels.set(channel.localId, channel);
    return channel;
  }

  // — to and from the packet layer —

  #write(pieces: readonly Uint8Array[]): void {
    for (const piece of pieces) if (this.socket.writable) this.socket.write(piece);
  }

  #inOneWrite(call: () => void): void {
    this.socket.cork();
    call();
    this.socket.uncork();
  }

  #parse(data: Buffer): void {
    try {
      this.#packets.parse(data);
    } catch (error) {
      this.#failed(error as Error);
    }
  }

  #payloadReceived(payload: Buffer): unknown {
    const number = payload[0]!;
    if (number === KEXINIT && this.passive) return undefined;
    if (number === KEXINIT) return this.#packets.answer(payload);
    if (number === Message.DISCONNECT) this.#disconnected(payload);
    if (number === Message.GLOBAL_REQUEST) this.globalRequests.note(payload);
    else if (!this.#toChannel(number, payload)) this.received.note(payload);
    return undefined;
  }

  #toChannel(number: number, payload: Buffer): boolean {
    if (number < Message.CHANNEL_OPEN_CONFIRMATION || number > Message.CHANNEL_FAILURE) return false;
    const channel = this.#channels.get(payload.readUInt32BE(1));
    channel?.messageReceived(number, payload);
    return channel !== undefined;
  }

  #disconnected(payload: Buffer): void {
    const reader = new WireReader(payload, 'DISCONNECT');
    reader.byte();
    this.#goodbye = { reason: reader.uint32(), text: reader.text() };
  }

  #exchanged(): void {
    this.exchanges += 1;
    const held = this.#held;
    this.#held = [];
    for (const payload of held) this.sendNow(payload);
    this.received.wake();
  }

  #failed(error: Error): void {
    this.error ??= error;
    this.socket.destroy();
  }

  #socketClosed(): void {
    this.#closed = true;
    this.#packets.end();
    for (const channel of this.#channels.values()) channel.connectionLost();
    this.received.wake();
  }
}

/** What to do wrong in a signed login. */
export interface SignedLogin {
  readonly algorithm?: string;
  /** Who really signs. */
  readonly signer?: TestKey;
  /** The algorithm named in the signature. */
  readonly signAs?: string;
  /** The session identifier that is signed. */
  readonly sessionId?: Buffer;
  /** The signature, instead of one that is made. */
  readonly signature?: Uint8Array;
}

const firstAlgorithm = ({ type }: TestKey): string => (type === 'ssh-rsa' ? 'rsa-sha2-512' : type);

const describe = (payload: Buffer): string => `${payload[0]}: ${JSON.stringify(payload.toString('latin1'))}`;
