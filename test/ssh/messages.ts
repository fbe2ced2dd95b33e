/**
 * The messages of RFC 4254 for tests: made by hand as a peer would, and written out as one line each.
 *
 * `text` and the makers know nothing of the code under test but its wire functions, which have tests of their own.
 */
import { Message } from '../../ssh/codes.ts';
import { boolean, byte, message, string, uint32, WireReader, type Field } from '../../ssh/wire.ts';

type Bytes = Uint8Array | string;

const toBytes = (value: Bytes): Uint8Array => (typeof value === 'string' ? Buffer.from(value) : value);

const about = (number: number, channel: number, ...fields: Field[]): Buffer =>
  message(byte(number), uint32(channel), ...fields);

/** What a peer says when it opens or accepts a channel: its number, its window and its largest packet. */
export interface Terms {
  readonly id?: number;
  readonly window?: number;
  readonly maxPacket?: number;
}

/** The peer's own number for a channel, in all tests that do not say otherwise: never one that we would choose. */
export const peersId = 7;

const termFields = ({ id = peersId, window = 1_000_000, maxPacket = 32_768 }: Terms): Field[] =>
  [id, window, maxPacket].map(uint32);

export const open = (type: Bytes, terms: Terms = {}, more: Bytes = ''): Buffer =>
  message(byte(Message.CHANNEL_OPEN), string(type), ...termFields(terms), toBytes(more));
export const confirm = (channel: number, terms: Terms = {}): Buffer =>
  about(Message.CHANNEL_OPEN_CONFIRMATION, channel, ...termFields(terms));
export const refuse = (channel: number, reason: number, why: string): Buffer =>
  about(Message.CHANNEL_OPEN_FAILURE, channel, uint32(reason), string(why), string('en'));
export const adjust = (channel: number, more: number): Buffer =>
  about(Message.CHANNEL_WINDOW_ADJUST, channel, uint32(more));
export const data = (channel: number, what: Bytes): Buffer => about(Message.CHANNEL_DATA, channel, string(what));
export const extended = (channel: number, what: Bytes): Buffer =>
  about(Message.CHANNEL_EXTENDED_DATA, channel, uint32(1), string(what));
export const eof = (channel: number): Buffer => about(Message.CHANNEL_EOF, channel);
export const close = (channel: number): Buffer => about(Message.CHANNEL_CLOSE, channel);
export const request = (channel: number, type: string, wantReply = true, more: Bytes = ''): Buffer =>
  about(Message.CHANNEL_REQUEST, channel, string(type), boolean(wantReply), toBytes(more));
export const success = (channel: number): Buffer => about(Message.CHANNEL_SUCCESS, channel);
export const failure = (channel: number): Buffer => about(Message.CHANNEL_FAILURE, channel);
export const globalRequest = (type: string, wantReply = true, more: Bytes = ''): Buffer =>
  message(byte(Message.GLOBAL_REQUEST), string(type), boolean(wantReply), toBytes(more));

/** The number of a message. */
export const numberOf = (payload: Uint8Array): number => payload[0] ?? -1;

const names = new Map<number, string>(Object.entries(Message).map(([name, number]) => [number, name]));

/** Longer strings are written as their length. */
const LONGEST_SHOWN = 60;

const quoted = (bytes: Buffer): string =>
  bytes.length > LONGEST_SHOWN ? `<${bytes.length} bytes>` : JSON.stringify(bytes.toString('latin1'));

type Show = (reader: WireReader) => string | number | boolean;
const number: Show = r => r.uint32();
const quote: Show = r => quoted(r.string());
const flag: Show = r => r.boolean();
const rest: Show = r => r.rest().toString('hex');

/** The fields of each message behind its number, in order. */
const shapes: Readonly<Record<number, readonly Show[]>> = {
  [Message.GLOBAL_REQUEST]: [quote, flag, rest],
  [Message.CHANNEL_OPEN]: [quote, number, number, number, rest],
  [Message.CHANNEL_OPEN_CONFIRMATION]: [number, number, number, number],
  [Message.CHANNEL_OPEN_FAILURE]: [number, number, quote, quote],
  [Message.CHANNEL_WINDOW_ADJUST]: [number, number],
  [Message.CHANNEL_DATA]: [number, quote],
  [Message.CHANNEL_EXTENDED_DATA]: [number, number, quote],
  [Message.CHANNEL_EOF]: [number],
  [Message.CHANNEL_CLOSE]: [number],
  [Message.CHANNEL_REQUEST]: [number, quote, flag, rest],
  [Message.CHANNEL_SUCCESS]: [number],
  [Message.CHANNEL_FAILURE]: [number],
};

/** One line, e.g. `CHANNEL_DATA 7 "abc"`; what has no shape here is written in hex. */
export function text(payload: Buffer): string {
  const reader = new WireReader(payload, 'a message in a test');
  const name = names.get(reader.byte()) ?? `message ${numberOf(payload)}`;
  const fields = (shapes[numberOf(payload)] ?? [rest]).map(show => String(show(reader)));
  reader.end();
  return [name, ...fields].filter(field => field !== '').join(' ');
}

/** The bytes that a CHANNEL_DATA or CHANNEL_EXTENDED_DATA carries; empty for every other message. */
export function carried(payload: Buffer): Buffer {
  if (numberOf(payload) === Message.CHANNEL_DATA) return payload.subarray(9);
  if (numberOf(payload) === Message.CHANNEL_EXTENDED_DATA) return payload.subarray(13);
  return payload.subarray(payload.length);
}
