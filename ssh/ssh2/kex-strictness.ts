/**
 * What may come in the middle of a key exchange that is not the first: the messages that may come at any time.
 *
 * Strict key exchange forbids them in the first one only, where nothing is sealed yet (OpenSSH PROTOCOL §1.10). ssh2
 * forbids them in all: asyncssh sends an IGNORE before each packet, and lost its connection when keys were renewed.
 */
import { Message } from '../codes.ts';
import type { Engine } from './library.ts';

/** Nobody here does anything about them. RFC 4253 §7.1, §11.2–11.4. */
const passing: ReadonlySet<number | undefined> = new Set([Message.IGNORE, Message.UNIMPLEMENTED, Message.DEBUG]);

/** To be called when the engine waits for the messages of a later exchange. */
export function relaxStrictness(engine: Engine): void {
  const { _decipher: decipher } = engine;
  const receive = decipher._onPayload;
  decipher._onPayload = payload => (passing.has(payload[0]) ? undefined : receive(payload));
}
