/**
 * Ways to spoil a message, and the bytes of a stream.
 *
 * A message is given as its fields, so that lengths, numbers and names can be spoiled where they are, and not only bits
 * anywhere.
 */
import { byte, message, string, uint32, type Field } from '../../ssh/wire.ts';
import type { Random } from './random.ts';

/** A message: its number, then its fields. */
export type Fields = readonly Field[];

type Mutation = (fields: Fields, random: Random) => Buffer;

/** Numbers at which a length, a window or a channel goes wrong. */
const edges = [0, 1, 2, 255, 32_767, 32_768, 32_769, 35_000, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1];

/** Names and texts that programs have fallen over. */
const texts: readonly (string | Uint8Array)[] = [
  ...['', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'then', 'x'.repeat(1_100), ',', ',,,', 'none,zlib'],
  ...['zlib', 'zlib@openssh.com', '\0', '\u001b]0;x\u0007\u001b[2J', '\u202Euser', '../../etc/passwd', '%s%n', 'root'],
  ...[Uint8Array.of(0xff, 0xfe), Uint8Array.of(0xc0, 0x80), Uint8Array.of(0xed, 0xa0, 0x80)],
];

/** Largest payload that still makes a packet that may be, with room for its padding. */
const LARGEST = 34_900;

export const mutations: Readonly<Record<string, Mutation>> = {
  'flipped bits': (fields, random) => flipBits(message(...fields), random, random.between(1, 4)),
  'changed bytes': (fields, random) => {
    const bytes = message(...fields);
    for (let left = random.between(1, 4); left > 0; left -= 1) bytes[random.below(bytes.length)] = random.below(256);
    return bytes;
  },
  'cut short': (fields, random) => message(...fields).subarray(0, random.below(message(...fields).length)),
  'bytes behind the end': (fields, random) => message(...fields, random.bytes(random.between(1, 64))),
  'a wrong length': (fields, random) => spoilField(fields, random, isString, field => withLength(field, random)),
  'a number at an edge': (fields, random) => spoilField(fields, random, isNumber, () => uint32(random.pick(edges))),
  /** Of a whole message its number; else the field that it begins with. */
  'another byte in front': (fields, random) => message(byte(random.below(256)), ...fields.slice(1)),
  'a field less': (fields, random) => message(...fields.toSpliced(random.below(fields.length), 1)),
  'a field twice': (fields, random) => {
    const at = random.below(fields.length);
    return message(...fields.toSpliced(at, 0, fields[at]!));
  },
  'two fields swapped': (fields, random) => {
    const [a, b] = [random.below(fields.length), random.below(fields.length)];
    return message(...fields.with(a, fields[b]!).with(b, fields[a]!));
  },
  'a hostile text': (fields, random) => spoilField(fields, random, isString, () => string(random.pick(texts))),
  'a huge field': (fields, random) =>
    spoilField(fields, random, isString, () => string(Buffer.alloc(random.between(1_000, LARGEST - 1_000), 'x'))),
  nothing: () => Buffer.alloc(0),
  noise: (_fields, random) => random.bytes(random.between(1, 300)),
};

/** Messages that stay messages get further than others, so there are more of them. */
const gentle = ['bytes behind the end', 'a number at an edge', 'a hostile text', 'a huge field'];
const names = [...Object.keys(mutations), ...gentle, ...gentle];

/** One message, spoiled in one way of many; mostly not in its first fields, so that it finds somebody who reads it. */
export function mutate(fields: Fields, random: Random): { readonly how: string; readonly payload: Buffer } {
  const how = random.pick(names);
  const kept = random.chance(0.8) ? random.between(Math.floor(fields.length / 2), fields.length - 1) : 0;
  const spoiled = mutations[how]!(fields.slice(kept), random);
  return { how, payload: message(...fields.slice(0, kept), spoiled).subarray(0, LARGEST) };
}

export function flipBits(bytes: Buffer, random: Random, count: number): Buffer {
  for (let left = bytes.length === 0 ? 0 : count; left > 0; left -= 1) {
    const at = random.below(bytes.length);
    bytes[at] = bytes[at]! ^ (1 << random.below(8));
  }
  return bytes;
}

const lengthOf = (field: Field): number => Buffer.from(field.buffer, field.byteOffset, 4).readUInt32BE();
const isNumber = (field: Field): boolean => field.length === 4;
const isString = (field: Field): boolean => field.length >= 4 && lengthOf(field) === field.length - 4;

function spoilField(fields: Fields, random: Random, fits: (field: Field) => boolean, spoil: Spoil): Buffer {
  const places = fields.flatMap((field, at) => (fits(field) ? [at] : []));
  if (places.length === 0) return message(...fields, random.bytes(4));
  const at = random.pick(places);
  return message(...fields.with(at, spoil(fields[at]!)));
}

type Spoil = (field: Field) => Field;

function withLength(field: Field, random: Random): Field {
  const length = lengthOf(field);
  const wrong = random.pick([...edges, length + 1, Math.max(0, length - 1), length + 4]);
  return message(uint32(wrong), field.subarray(4));
}
