/**
 * Variables as NEW-ENVIRON carries them, both ways. Source: RFC 1572.
 *
 * It refuses a list that does not begin with the kind of a variable. Names and values are UTF-8 here; the RFC knows
 * only ASCII.
 */
import type { TelnetVariable } from './contracts.ts';

const VAR = 0;
const VALUE = 1;
const ESC = 2;
const USERVAR = 3;

const kinds = new Map<number, TelnetVariable['kind']>([
  [VAR, 'well-known'],
  [USERVAR, 'user'],
]);
const wellKnown: ReadonlySet<string> = new Set(['USER', 'JOB', 'ACCT', 'PRINTER', 'SYSTEMTYPE', 'DISPLAY']);

interface Reading {
  readonly kind: TelnetVariable['kind'];
  readonly name: number[];
  value: number[] | undefined;
}

/** Every variable in `data`, or undefined if it is no list of variables. Without a name: all of that kind. */
export function decodeVariables(data: Uint8Array): TelnetVariable[] | undefined {
  const all: Reading[] = [];
  for (let at = 0; at < data.length; at += 1) {
    const byte = data[at] ?? 0;
    const kind = kinds.get(byte);
    const current = all.at(-1);
    if (kind) all.push({ kind, name: [], value: undefined });
    else if (!current) return undefined;
    else if (byte === VALUE) current.value = [];
    else (current.value ?? current.name).push(byte === ESC ? (data[++at] ?? ESC) : byte);
  }
  return all.map(({ kind, name, value }) => ({ kind, name: text(name), value: value && text(value) }));
}

/** What answers a request for `wanted`, none meaning all: what we have; a name that we do not have is sent alone. */
export function answerVariables(
  environment: Readonly<Record<string, string>>,
  wanted: readonly TelnetVariable[],
): Uint8Array {
  const ours = Object.entries(environment).map(([name, value]) => ({ name, value, kind: kindOf(name) }));
  const find = ({ name, kind }: TelnetVariable): readonly TelnetVariable[] => {
    if (name === '') return ours.filter(variable => variable.kind === kind);
    return [
      ours.find(variable => variable.name === name && variable.kind === kind) ?? { name, kind, value: undefined },
    ];
  };
  return Buffer.concat((wanted.length === 0 ? ours : wanted.flatMap(find)).map(encodeVariable));
}

const kindOf = (name: string): TelnetVariable['kind'] => (wellKnown.has(name) ? 'well-known' : 'user');

function encodeVariable({ name, value, kind }: TelnetVariable): Uint8Array {
  const valuePart = value === undefined ? [] : [VALUE, ...escaped(value)];
  return Uint8Array.of(kind === 'user' ? USERVAR : VAR, ...escaped(name), ...valuePart);
}

const escaped = (value: string): number[] =>
  Array.from(Buffer.from(value)).flatMap(byte => (byte <= USERVAR ? [ESC, byte] : [byte]));

const text = (all: readonly number[]): string => Buffer.from(all).toString('utf8');
