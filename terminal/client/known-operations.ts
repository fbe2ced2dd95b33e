/**
 * Operations that sequences have turned out to be, by the bytes of the sequence, so that it need not be taken apart again.
 *
 * Programs write the same few styles and places over and over. There is one place for each hash, and the newest is kept
 * there: nobody can fill the memory with rare ones. Only for what means the same on every screen.
 */
import type { Operation } from './operation.ts';

const places = 1_024;
const longest = 24;

interface Known {
  readonly sequence: Uint8Array;
  readonly operation: Operation;
}

const known = new Array<Known | undefined>(places).fill(undefined);

/** The operation of the sequence that is the first `length` of `bytes`; undefined if it is not kept. */
export function knownOperation(bytes: Uint8Array, length: number): Operation | undefined {
  if (length > longest) return undefined;
  const found = known[placeOf(bytes, length)];
  return found && isSame(found.sequence, bytes, length) ? found.operation : undefined;
}

/** Styles and places are kept: what else there is depends on the screen, or is rare. */
export function keepOperation(sequence: Uint8Array, operation: Operation): void {
  if (sequence.length > longest) return;
  if (/^\x1b\[[\d;:]*[mHABCDGJKd]$/.test(String.fromCharCode(...sequence)))
    known[placeOf(sequence, sequence.length)] = { sequence, operation };
}

function placeOf(bytes: Uint8Array, length: number): number {
  let hash = length;
  for (let at = 2; at < length; at += 1) hash = (Math.imul(hash, 31) + (bytes[at] ?? 0)) | 0;
  return (hash ^ (hash >>> 10)) & (places - 1);
}

function isSame(sequence: Uint8Array, bytes: Uint8Array, length: number): boolean {
  if (sequence.length !== length) return false;
  for (let at = 0; at < length; at += 1) if (sequence[at] !== bytes[at]) return false;
  return true;
}
