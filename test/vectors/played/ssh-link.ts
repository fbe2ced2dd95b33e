/** What the scripts of SSH channels, connections and sessions share: a connection on a link that is played by hand. */
import { Message } from '../../../ssh/codes.ts';
import { byte, message, WireReader } from '../../../ssh/wire.ts';
import { MemoryLink } from '../../support/memory-link.ts';
import { text } from '../../ssh/messages.ts';
import { joined, type RecordedEvent } from '../script.ts';
import type { Log } from '../vectors.ts';

/** A recorded message: its name and what is behind its number. */
export const recordedMessage = (name: string, payload: Uint8Array): Buffer =>
  message(byte(Message[name as keyof typeof Message]), payload);

/**
 * A message as a line of a log. Our descriptions of refusals are our own, and how large a packet we take is no secret of
 * the script's: those are left out.
 */
export function line(payload: Buffer): string {
  if (payload[0] === Message.CHANNEL_DATA) return dataLine(payload, 'data');
  if (payload[0] === Message.CHANNEL_EXTENDED_DATA) return dataLine(payload, 'extended');
  return text(payload)
    .replace(/^(CHANNEL_OPEN_FAILURE \d+ \d+).*/, '$1')
    .replace(/^(CHANNEL_OPEN_CONFIRMATION.*) \d+$/, '$1')
    .replace(/^(CHANNEL_OPEN "session".*) \d+$/, '$1');
}

function dataLine(payload: Buffer, kind: 'data' | 'extended'): string {
  const reader = new WireReader(payload, 'data in a test');
  reader.byte();
  reader.uint32();
  const type = kind === 'extended' ? ` ${reader.uint32()}` : '';
  return `${kind}${type} ${JSON.stringify(reader.string().toString('latin1'))}`;
}

/** Twisted's `["send", NAME, payload]`. */
export const sentLine = ([, name, payload]: RecordedEvent): string =>
  line(recordedMessage(String(name), Buffer.from((payload as { b: string }).b, 'hex')));

/** Slices are cut where each implementation likes. */
export const slicesJoined = (log: Log): Log => joined(log, /^(data|extended|proc\.write)/);

/** Writes down everything that is sent, when it is sent, and its end. */
export class RecordedLink extends MemoryLink {
  readonly #log: string[];

  constructor(log: string[]) {
    super();
    this.#log = log;
  }

  override send(...pieces: readonly Uint8Array[]): void {
    this.#log.push(line(Buffer.concat(pieces)));
    super.send(...pieces);
  }

  override disconnect(reason: number, why: string): void {
    if (!this.disconnected) this.#log.push('the connection dies');
    super.disconnect(reason, why);
  }
}
