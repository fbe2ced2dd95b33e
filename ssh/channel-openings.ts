/**
 * How channels come to be, by either side: OPEN and its answers, and the numbers that channels get. RFC 4254 §5.1.
 *
 * What the peer may open is said by a table of types. Channels that are open are the connection's to keep.
 */
import { RemoteProtocolError } from '../transport/errors.ts';
import { LateMap } from '../transport/late-map.ts';
import { Channel } from './channel.ts';
import type { ChannelHome, ChannelNumbers } from './channel-home.ts';
import { Message, OpenFailure } from './codes.ts';
import { ChannelOpenError, type ChannelType, type ConnectionOptions, type OpenRefusal } from './connection-options.ts';
import { ownEntry } from './own-entry.ts';
import { byte, message, string, uint32, type WireReader } from './wire.ts';

/** Who keeps the channels. */
export interface ChannelKeeper {
  /** How many there are. */
  readonly channelCount: number;
  keep(channel: Channel): void;
}

interface PendingOpen {
  readonly type: string;
  readonly resolve: (channel: Channel) => void;
  readonly reject: (error: Error) => void;
}

type RemoteNumbers = Pick<ChannelNumbers, 'remoteId' | 'remoteWindow' | 'remoteMaxPacket'>;

export class ChannelOpenings {
  readonly #home: ChannelHome & ChannelKeeper;
  readonly #options: Required<ConnectionOptions>;
  /** Asked for by us, and not answered. */
  readonly #pending = new LateMap<number, PendingOpen>();
  #nextId = 0;

  constructor(home: ChannelHome & ChannelKeeper, options: Required<ConnectionOptions>) {
    this.#home = home;
    this.#options = options;
  }

  /** Ask the peer for a channel. Rejects with ChannelOpenError. */
  ask(type: string, data: Uint8Array): Promise<Channel> {
    const id = this.#nextId++;
    this.#home.link.send(message(byte(Message.CHANNEL_OPEN), string(type), uint32(id), ...this.#sizes, data));
    return new Promise((resolve, reject) => this.#pending.set(id, { type, resolve, reject }));
  }

  /** The connection has ended: nobody will answer. */
  lost(): void {
    for (const { reject } of this.#pending.values()) reject(new Error('the connection was lost'));
  }

  // — messages —

  asked(reader: WireReader): void {
    const type = reader.text();
    const remote = remoteNumbers(reader);
    const data = reader.rest();
    const channelType = ownEntry(this.#options.channelTypes, type);
    const refusal = this.#refusal(channelType, remote, data);
    if (refusal || !channelType) return this.#refuse(remote.remoteId, refusal ?? unknownType);
    const channel = this.#add(type, this.#nextId++, remote);
    const numbers = [uint32(remote.remoteId), uint32(channel.localId)];
    this.#home.link.send(message(byte(Message.CHANNEL_OPEN_CONFIRMATION), ...numbers, ...this.#sizes));
    channelType.opened(channel, data);
  }

  confirmed(reader: WireReader): void {
    const { id, pending } = this.#pendingOpen(reader);
    const remote = remoteNumbers(reader);
    if (remote.remoteMaxPacket === 0) throw new RemoteProtocolError('RFC 4254 §5.1', 'maximum packet size 0');
    this.#pending.delete(id);
    const channel = this.#add(pending.type, id, remote);
    channel.keepForProtocol();
    pending.resolve(channel);
  }

  refused(reader: WireReader): void {
    const { id, pending } = this.#pendingOpen(reader);
    const refusal = { reason: reader.uint32(), text: reader.text() };
    this.#pending.delete(id);
    pending.reject(new ChannelOpenError(refusal));
  }

  // — helpers —

  /** What we take: the window and the largest packet. */
  get #sizes(): readonly Uint8Array[] {
    return [uint32(this.#options.initialWindowSize), uint32(this.#options.maxPacketSize)];
  }

  #refusal(type: ChannelType | undefined, { remoteMaxPacket }: RemoteNumbers, data: Buffer): OpenRefusal | undefined {
    if (!type) return unknownType;
    if (remoteMaxPacket === 0)
      return { reason: OpenFailure.RESOURCE_SHORTAGE, text: 'maximum packet size 0 carries nothing' };
    if (this.#home.channelCount >= this.#options.maxChannels) {
      this.#options.channelsFull();
      return { reason: OpenFailure.RESOURCE_SHORTAGE, text: `no more than ${this.#options.maxChannels} channels` };
    }
    return type.refuse?.(data);
  }

  #refuse(remoteId: number, { reason, text }: OpenRefusal): void {
    const fields = [uint32(remoteId), uint32(reason), string(text), string('')];
    this.#home.link.send(message(byte(Message.CHANNEL_OPEN_FAILURE), ...fields));
  }

  #add(type: string, localId: number, remote: RemoteNumbers): Channel {
    const { initialWindowSize: localWindow, maxPacketSize: localMaxPacket, channelQueue } = this.#options;
    const { remoteId, remoteWindow, remoteMaxPacket } = remote;
    const numbers = { localId, localWindow, localMaxPacket, remoteId, remoteWindow, remoteMaxPacket };
    const channel = new Channel(type, this.#home, numbers, channelQueue);
    this.#home.keep(channel);
    return channel;
  }

  /** It stays pending until its answer has been read: a broken one still has somebody to tell. */
  #pendingOpen(reader: WireReader): { id: number; pending: PendingOpen } {
    const id = reader.uint32();
    const pending = this.#pending.get(id);
    if (!pending)
      throw new RemoteProtocolError('RFC 4254 §5.1', `an answer for channel ${id}, which was not asked for`);
    return { id, pending };
  }
}

/** The peer's number for a channel, its window and its largest packet: the same in OPEN and in its confirmation. */
const remoteNumbers = (reader: WireReader): RemoteNumbers => ({
  remoteId: reader.uint32(),
  remoteWindow: reader.uint32(),
  remoteMaxPacket: reader.uint32(),
});

const unknownType: OpenRefusal = {
  reason: OpenFailure.UNKNOWN_CHANNEL_TYPE,
  text: 'this channel type is not served here',
};
