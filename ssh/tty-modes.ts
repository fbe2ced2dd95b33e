/**
 * The terminal modes inside a pty request: opcode and value pairs, RFC 4254 §8.
 *
 * Opcodes 1–159 carry a uint32 and unknown ones are kept for whoever applies them; 160–255 are undefined and end the
 * list, as in OpenSSH's ttymodes.c. What an opcode means for a program's terminal is not decided here.
 */
import { RemoteProtocolError } from '../transport/errors.ts';
import { asBuffer } from './wire.ts';

/** Opcode to value. */
export type TtyModes = ReadonlyMap<number, number>;

const TTY_OP_END = 0;
const FIRST_UNDEFINED = 160;

export function decodeTtyModes(encoded: Uint8Array): TtyModes {
  const bytes = asBuffer(encoded);
  const modes = new Map<number, number>();
  for (let at = 0; at < bytes.length; at += 5) {
    const opcode = bytes.readUInt8(at);
    if (opcode === TTY_OP_END || opcode >= FIRST_UNDEFINED) return modes;
    if (at + 5 > bytes.length) throw new RemoteProtocolError('RFC 4254 §8', `mode ${opcode} has no whole value`);
    modes.set(opcode, bytes.readUInt32BE(at + 1));
  }
  return modes;
}
