/**
 * What may come in the middle of a key exchange that is not the first, besides its own messages.
 *
 * Strict key exchange forbids asides in the first one only, where nothing is sealed yet (OpenSSH PROTOCOL §1.10); ssh2
 * forbids them in all. RFC 4253 §7.1 forbids messages of channels as well, but asyncssh goes on with them between its
 * KEXINIT and its NEWKEYS, and they are sealed with the old keys, so we take them, as OpenSSH does.
 */
import { Message } from '../codes.ts';
import { STOP, type Engine } from './library.ts';

/** Nobody here does anything about them. RFC 4253 §7.1, §11.2–11.4. */
const asides: ReadonlySet<number | undefined> = new Set([Message.IGNORE, Message.UNIMPLEMENTED, Message.DEBUG]);
/** RFC 4250 §4.1.2. */
const isOfConnection = (message = 0): boolean => message >= 80 && message <= 127;

/** To be called when the engine waits for the messages of a later exchange. What is behind a DISCONNECT is not heard. */
export function relaxStrictness(engine: Engine): void {
  const { _decipher: decipher } = engine;
  const receive = decipher._onPayload;
  decipher._onPayload = payload => {
    const [message] = payload;
    if (asides.has(message)) return undefined;
    if (isOfConnection(message)) return engine._onPayload(payload);
    const answer = receive(payload);
    return message === Message.DISCONNECT ? STOP : answer;
  };
}
