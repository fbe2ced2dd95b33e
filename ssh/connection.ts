/**
 * The SSH connection protocol, RFC 4254: channels by number, their turns, and global requests, over one packet link.
 *
 * Written for either end: what a peer may open or ask is given in tables, and what is not in them is refused. A breach
 * of the protocol throws RemoteProtocolError and so disconnects; it never reaches another connection.
 */
import type { CloseReason } from '../transport/close-reason.ts';
import { LocalMisuseError, RemoteProtocolError } from '../transport/errors.ts';
import { LateMap } from '../transport/late-map.ts';
import type { Channel } from './channel.ts';
import type { ChannelHome } from './channel-home.ts';
import { ChannelOpenings, type ChannelKeeper } from './channel-openings.ts';
import { DisconnectReason, Message } from './codes.ts';
import { messages, type ConnectionReceiver } from './connection-messages.ts';
import { connectionOptions, type ConnectionOptions } from './connection-options.ts';
import { KeepAlive, type KeepAliveOwner } from './keep-alive.ts';
import { ownEntry } from './own-entry.ts';
import type { IPacketLink, IPacketListener } from './packets.ts';
import { globalRequests, RequestQueue, type Answer, type RequestOwner } from './request-queue.ts';
import { boolean, byte, message, string, WireReader } from './wire.ts';

export class SshConnection
  implements IPacketListener, ChannelHome, ChannelKeeper, ConnectionReceiver, RequestOwner, KeepAliveOwner
{
  readonly link: IPacketLink;
  readonly requestTimeout: number;
  readonly openings: ChannelOpenings;
  readonly #options: Required<ConnectionOptions>;
  readonly #requests: RequestQueue;
  readonly #keepAlive: KeepAlive;
  /** Channels that messages may be for. */
  readonly #channels = new LateMap<number, Channel>();
  /** Channels whose protocol has not heard of the end; one with unread input may outlive its number. */
  readonly #unfinished = new LateMap<number, Channel>();
  /** Channels whose CLOSE we have sent, with the time limit for the peer's. */
  readonly #closing = new LateMap<number, NodeJS.Timeout>();
  /** Channels that have something to send, in the order of their turns. */
  readonly #waiting = new LateMap<number, true>();
  /** Set when the peer is taken for dead: the link will only say that it closed. */
  #gaveUp: CloseReason | undefined;
  #ended = false;

  /** Throws ConfigError for options that cannot be. */
  constructor(link: IPacketLink, options: ConnectionOptions) {
    this.link = link;
    this.#options = connectionOptions(options);
    this.requestTimeout = this.#options.requestTimeout;
    this.openings = new ChannelOpenings(this, this.#options);
    this.#requests = new RequestQueue(globalRequests, this);
    const { globalRequests: answers, requestFailed, keepAlive } = this.#options;
    this.#keepAlive = new KeepAlive(keepAlive, this);
    this.#requests.listen((type, data) => ownEntry(answers, type)?.(data) ?? false, requestFailed);
    link.listen(this);
  }

  /** Open a channel to the peer; give the result its protocol with `start`. Rejects with ChannelOpenError. */
  openChannel(type: string, data: Uint8Array = Buffer.alloc(0)): Promise<Channel> {
    if (this.#ended) return Promise.reject(new LocalMisuseError('the connection has ended'));
    return this.openings.ask(type, data);
  }

  /**
   * Send a global request. Resolves to what the peer's yes carries, or at once to nothing if no reply is wanted; false
   * for its no, and when the connection ends first.
   */
  async request(type: string, data: Uint8Array, wantReply: boolean): Promise<Buffer | false> {
    if (this.#ended) return false;
    this.link.send(message(byte(Message.GLOBAL_REQUEST), string(type), boolean(wantReply), data));
    return wantReply ? this.#requests.expectReply() : Buffer.alloc(0);
  }

  // — from the link —

  messageReceived(payload: Buffer): void {
    this.#keepAlive.heard();
    const number = payload[0];
    const rule = number === undefined ? undefined : messages[number];
    if (!rule) return this.link.rejectMessage();
    if (rule.asks) this.#options.requestArrived();
    const reader = new WireReader(payload, rule.name);
    reader.byte();
    rule.receive(this, reader);
  }

  linkWritable(): void {
    while (this.link.writable) {
      const [id] = this.#waiting.keys();
      if (id === undefined) return;
      this.#waiting.delete(id);
      this.#channels.get(id)?.takeTurn();
    }
  }

  linkLost(lost: CloseReason): void {
    const reason = this.#gaveUp ?? lost;
    this.#ended = true;
    for (const timer of this.#closing.values()) clearTimeout(timer);
    this.#requests.close();
    this.#keepAlive.stop();
    this.openings.lost();
    this.#channels.clear();
    for (const channel of [...this.#unfinished.values()]) channel.linkLost(reason);
    this.#options.connectionLost(reason);
  }

  // — from channels and their openings —

  get channelCount(): number {
    return Math.max(this.#channels.size, this.#unfinished.size);
  }

  keep(channel: Channel): void {
    this.#channels.set(channel.localId, channel);
    this.#unfinished.set(channel.localId, channel);
  }

  get crowded(): boolean {
    return this.#waiting.size > 0;
  }

  waitForTurn(localId: number): void {
    this.#waiting.set(localId, true);
    if (this.link.writable) queueMicrotask(() => this.linkWritable());
  }

  closeSent(localId: number): void {
    this.#waiting.delete(localId);
    this.#unfinished.get(localId)?.closeSent();
    if (!this.#channels.has(localId)) return;
    this.#closing.set(
      localId,
      setTimeout(() => this.#forget(localId), this.#options.closeTimeout),
    );
  }

  finished(localId: number): void {
    const channel = this.#unfinished.get(localId);
    this.#unfinished.delete(localId);
    if (channel) ownEntry(this.#options.channelTypes, channel.type)?.closed?.(channel);
  }

  // — messages, in the order of RFC 4254 —

  globalRequest(reader: WireReader): void {
    this.#requests.fromPeer({ type: reader.text(), wantReply: reader.boolean(), data: reader.rest() });
  }

  globalReply(answer: Buffer | false): void {
    this.#requests.replyFromPeer(answer);
  }

  /** The channel a message is for. RFC 4254 §5: numbers come from us, so an unknown one is a breach. */
  channelOf(reader: WireReader): Channel {
    const id = reader.uint32();
    const channel = this.#channels.get(id);
    if (!channel) throw new RemoteProtocolError('RFC 4254 §5', `there is no channel ${id}`);
    return channel;
  }

  /** Nothing more can be for it, though our CLOSE may still be to come. */
  channelClosed(channel: Channel): void {
    this.#forget(channel.localId);
    channel.closeFromPeer();
  }

  reply(answer: Answer): void {
    this.link.send(globalReply(answer));
  }

  // — a silent peer —

  /** Any answer will do, and most peers say no. */
  askIfAlive(): void {
    void this.request('keepalive@openssh.com', Buffer.alloc(0), true);
  }

  giveUp(): void {
    const error = new Error('the peer has gone: it left every question whether it is there unanswered');
    this.#gaveUp = { kind: 'lost', error };
    this.#keepAlive.stop();
    this.link.disconnect(DisconnectReason.CONNECTION_LOST, error.message);
  }

  // — helpers —

  #forget(id: number): void {
    clearTimeout(this.#closing.get(id));
    this.#closing.delete(id);
    this.#waiting.delete(id);
    this.#channels.delete(id);
  }
}

const globalReply = (answer: Answer): Buffer =>
  answer === false
    ? message(byte(Message.REQUEST_FAILURE))
    : message(byte(Message.REQUEST_SUCCESS), answer === true ? Buffer.alloc(0) : answer);
