/**
 * A control sequence taken apart: `CSI < private > parameters < intermediates > final`, ECMA-48 5th ed. §5.4.
 *
 * What is out of order, too long or too large is no control sequence here; nothing throws.
 */
import { asBuffer } from './as-buffer.ts';

export interface ControlSequence {
  /** One of `<=>?`, or ''. */
  readonly prefix: string;
  /** Parameters, each with its parts behind colons. One left out is -1. */
  readonly parameters: readonly (readonly number[])[];
  readonly intermediates: string;
  /** '' where the sequence ends in an intermediate, as rxvt's keys with shift do. */
  readonly final: string;
}

const mostParameters = 32;
const mostDigits = 9;
const COLON = 0x3a;
const SEMICOLON = 0x3b;

/** `sequence` begins with CSI. Undefined when it cannot be taken apart. */
export function parseControlSequence(sequence: Uint8Array): ControlSequence | undefined {
  const first = sequence[2] ?? 0;
  const prefix = first >= 0x3c && first <= 0x3f ? String.fromCharCode(first) : '';
  const numbersStart = prefix === '' ? 2 : 3;
  const numbersEnd = skip(sequence, numbersStart, 0x30, 0x3b);
  const parameters = parseParameters(sequence, numbersStart, numbersEnd);
  const finalAt = skip(sequence, numbersEnd, 0x20, 0x2f);
  if (!parameters || finalAt < sequence.length - 1) return undefined;
  const intermediates = latin1(sequence, numbersEnd, finalAt);
  return { prefix, parameters, intermediates, final: latin1(sequence, finalAt, sequence.length) };
}

function parseParameters(data: Uint8Array, start: number, end: number): number[][] | undefined {
  if (start === end) return [];
  let parts = [-1];
  const parameters = [parts];
  let digits = 0;
  for (let at = start; at < end; at += 1) {
    const byte = data[at] ?? 0;
    digits = byte < COLON ? digits + 1 : 0;
    if (digits > mostDigits || parameters.length > mostParameters || parts.length > mostParameters) return undefined;
    if (byte === SEMICOLON) parameters.push((parts = [-1]));
    else if (byte === COLON) parts.push(-1);
    else parts[parts.length - 1] = Math.max(parts[parts.length - 1] ?? 0, 0) * 10 + byte - 0x30;
  }
  return parameters;
}

/** The first place from `start` whose byte is not from `least` to `most`. */
function skip(data: Uint8Array, start: number, least: number, most: number): number {
  let at = start;
  for (let byte = data[at] ?? 0; at < data.length && byte >= least && byte <= most; byte = data[at] ?? 0) at += 1;
  return at;
}

export const latin1 = (data: Uint8Array, start = 0, end = data.length): string =>
  end - start === 1 ? String.fromCharCode(data[start] ?? 0) : asBuffer(data).toString('latin1', start, end);

/** A number of the sequence, or `otherwise` where it was left out. */
export const numberAt = ({ parameters }: ControlSequence, place: number, part = 0, otherwise = -1): number => {
  const found = parameters[place]?.[part] ?? -1;
  return found < 0 ? otherwise : found;
};
