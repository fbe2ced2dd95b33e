/**
 * What a connection lets its peer open and ask, its limits and their defaults.
 */
import type { CloseReason } from '../transport/close-reason.ts';
import type { QueueLimits } from '../transport/contracts.ts';
import { filled, requireWhole } from '../transport/option-group.ts';
import type { Channel } from './channel.ts';
import type { KeepAliveOptions } from './keep-alive.ts';
import type { Answer, RequestFailed } from './request-queue.ts';

export interface ConnectionOptions {
  /** Channel types the peer may open, by wire name. */
  readonly channelTypes?: Readonly<Record<string, ChannelType>>;
  /** Global requests we answer, by wire name; with bytes for a yes that carries something. RFC 4254 §4. */
  readonly globalRequests?: Readonly<Record<string, (data: Buffer) => Answer | Promise<Answer>>>;
  /** How long an answer to a request may take, in milliseconds, before it is no; 0 means for ever. @default 30_000 */
  readonly requestTimeout?: number;
  /** A global request was answered no because its answer threw, rejected or took too long. */
  readonly requestFailed?: RequestFailed;
  /** Open channels at one time, of all types. @default 100 */
  readonly maxChannels?: number;
  /** Told when a channel is refused because there are so many. */
  readonly channelsFull?: () => void;
  /** Before each global request, channel request and channel open of the peer's. What it throws ends the connection. */
  readonly requestArrived?: () => void;
  /** Marks and bound of each channel's queue. @default queueDefaults */
  readonly channelQueue?: QueueLimits;
  /** Bytes a peer may send on a channel before we have taken any, from 1 to 2^32 - 1. @default 1_048_576 */
  readonly initialWindowSize?: number;
  /** Bytes of data a peer may send in one message, from 1 to 32 768. @default 32_768 */
  readonly maxPacketSize?: number;
  /** When to ask a silent peer whether it is there. @default never */
  readonly keepAlive?: KeepAliveOptions;
  /** How long a peer may leave our CLOSE unanswered, in milliseconds, before its number is forgotten. @default 10_000 */
  readonly closeTimeout?: number;
  /** The link has ended; every channel has been told. */
  readonly connectionLost?: (reason: CloseReason) => void;
}

/** Says no before a channel exists, or takes it. `data` is what its type adds to the open message. */
export interface ChannelType {
  readonly refuse?: (data: Buffer) => OpenRefusal | undefined;
  readonly opened: (channel: Channel, data: Buffer) => void;
  /** The channel is over, whoever ended it. */
  readonly closed?: (channel: Channel) => void;
}

export interface OpenRefusal {
  /** From OpenFailure. */
  readonly reason: number;
  readonly text: string;
}

/** The peer would not open a channel of ours. */
export class ChannelOpenError extends Error {
  readonly reason: number;
  constructor({ reason, text }: OpenRefusal) {
    super(`channel not opened: ${text} (reason ${reason})`);
    this.name = 'ChannelOpenError';
    this.reason = reason;
  }
}

export const connectionDefaults: Required<ConnectionOptions> = Object.freeze({
  channelTypes: {},
  globalRequests: {},
  requestTimeout: 30_000,
  requestFailed: () => undefined,
  maxChannels: 100,
  channelsFull: () => undefined,
  requestArrived: () => undefined,
  channelQueue: {},
  initialWindowSize: 1024 * 1024,
  maxPacketSize: 32_768,
  keepAlive: { interval: 0, countMax: 3 },
  closeTimeout: 10_000,
  connectionLost: () => undefined,
});

/** A window of 0 would never grow, for nothing could be taken from it. RFC 4254 §5.2, RFC 4253 §6.1. */
const ranges = {
  initialWindowSize: { least: 1, most: 2 ** 32 - 1 },
  maxPacketSize: { least: 1, most: 32_768 },
};

/** Filled up from the defaults. Throws ConfigError for an option that does not exist, and a size out of its range. */
export function connectionOptions(given: ConnectionOptions): Required<ConnectionOptions> {
  const options = filled('connection', given, connectionDefaults);
  requireWhole('connection', options, ranges);
  return options;
}
