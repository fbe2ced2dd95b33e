/**
 * Telnet on its way out: IAC doubled, line ends as the network virtual terminal has them, commands in their frames.
 *
 * Pure functions. A CR that ends a piece is sent as CR NUL, for nobody can know what will follow it.
 * Source: RFC 854 (CR is followed by LF or NUL), RFC 855 (IAC is doubled in parameters too), RFC 856.
 */
import { IAC, SB, SE } from './codes.ts';
import type { LineEnds } from './parser.ts';

const CR = 13;
const LF = 10;

/** What a byte becomes, if not itself. A CR in front of LF is left out: that LF says both. */
type Rule = (data: Uint8Array, at: number) => readonly number[] | undefined;

const doubled = [IAC, IAC];
const rules: Readonly<Record<LineEnds, Readonly<Record<number, Rule>>>> = {
  lf: {
    [IAC]: () => doubled,
    [CR]: (data, at) => (data[at + 1] === LF ? [] : [CR, 0]),
    [LF]: () => [CR, LF],
  },
  crlf: {
    [IAC]: () => doubled,
    [CR]: (data, at) => (data[at + 1] === LF ? undefined : [CR, 0]),
  },
  exact: { [IAC]: () => doubled },
};

/** `data` as it goes over the wire, itself if nothing in it is special. `lf` sends LF as CR LF, and CR LF as it is. */
export function encode(data: Uint8Array, lineEnds: LineEnds): Uint8Array {
  const special = rules[lineEnds];
  if (!Object.keys(special).some(byte => data.includes(Number(byte)))) return data;
  const out = new Uint8Array(data.length * 2);
  let length = 0;
  for (let at = 0; at < data.length; at += 1) {
    const byte = data[at] ?? 0;
    const instead = special[byte]?.(data, at);
    if (!instead) out[length++] = byte;
    else for (const each of instead) out[length++] = each;
  }
  return out.subarray(0, length);
}

/** IAC SB `option` `data` IAC SE. */
export function subnegotiation(option: number, data: Uint8Array): Uint8Array {
  const inside = encode(Uint8Array.of(option, ...data), 'exact');
  return Uint8Array.of(IAC, SB, ...inside, IAC, SE);
}
