/** What telnet bytes mean, in any split: facts of RFC 854 and 855, and that nothing is lost or thrown whatever comes. */
import { describe, expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import { encode } from '../../../transport/telnet/encoding.ts';
import { Parser, type LineEnds, type Parsed } from '../../../transport/telnet/parser.ts';
import { hex } from './lab.ts';

/** Everything said in `pieces`, one word each: data in hexadecimal, adjacent data joined. */
function parse(pieces: readonly Uint8Array[], lineEnds: LineEnds = 'lf', maxSubnegotiationBytes = 100): string[] {
  const parser = new Parser({ lineEnds: () => lineEnds, maxSubnegotiationBytes });
  const said: string[] = [];
  for (const piece of pieces) {
    parser.push(piece);
    for (let next = parser.next(); next; next = parser.next()) said.push(say(next));
  }
  const held = Buffer.from(parser.end()).toString('hex');
  return join(held === '' ? said : [...said, `data ${held}`]);
}

function say(parsed: Parsed): string {
  if (parsed.kind === 'data') return `data ${Buffer.from(parsed.data).toString('hex')}`;
  if (parsed.kind === 'command') return `command ${parsed.command}`;
  if (parsed.kind === 'negotiation') return `verb ${parsed.verb} ${parsed.option}`;
  if (parsed.kind === 'malformed') return `malformed: ${parsed.seen}`;
  return `parameters ${parsed.option} ${Buffer.from(parsed.data).toString('hex')}`;
}

const join = (said: readonly string[]): string[] =>
  said.reduce<string[]>((all, each) => {
    const isMore = each.startsWith('data ') && all.at(-1)?.startsWith('data ');
    return isMore ? [...all.slice(0, -1), all.at(-1)! + each.slice(5)] : [...all, each];
  }, []);

const byteByByte = (data: Uint8Array): Uint8Array[] => Array.from(data, byte => Uint8Array.of(byte));
const arrivals: ReadonlyArray<readonly [string, (data: Uint8Array) => readonly Uint8Array[]]> = [
  ['in one piece', data => [data]],
  ['byte by byte', byteByByte],
];

// what arrives, what it means, where that is written; line ends are LF for the protocol
const facts: ReadonlyArray<readonly [input: string, said: readonly string[], source: string]> = [
  ['61 62', ['data 6162'], 'bytes are themselves'],
  ['61 ff ff 62', ['data 61ff62'], 'RFC 854: IAC as data is doubled'],
  ['61 0d 0a 62', ['data 610a62'], 'RFC 854: CR LF is the line end'],
  ['61 0d 00 62', ['data 610d62'], 'RFC 854: CR NUL is a CR'],
  ['61 0d 62', ['data 610d62'], 'RFC 854 forbids it; nothing is lost'],
  ['0d 0d 0a', ['data 0d0a'], 'a CR that LF follows is a line end, whatever stands before it'],
  ['0d 0d 00', ['data 0d0d'], 'the same with NUL'],
  ['61 0d', ['data 610d'], 'a CR at the very end'],
  ['0d ff f1 0a', ['data 0d', 'command 241', 'data 0a'], 'a command parts CR from LF'],
  ['0d ff ff', ['data 0dff'], 'IAC IAC behind CR is data'],
  ['61 00 62', ['data 610062'], 'NUL elsewhere is data; Twisted keeps it too'],
  ['78 ff f6 79', ['data 78', 'command 246', 'data 79'], 'a command keeps its place'],
  ['ff ec ff ed ff ee', ['command 236', 'command 237', 'command 238'], 'RFC 1184 §2.5'],
  ['78 ff 07 79', ['data 78', 'command 7', 'data 79'], 'a command that nobody knows loses no data'],
  ['ff fb 01 ff fc 02', ['verb 251 1', 'verb 252 2'], 'RFC 854: WILL, WONT'],
  ['ff fd ff 78', ['verb 253 255', 'data 78'], 'option 255 is a number like any other (RFC 861)'],
  ['ff fa 1f 00 50 ff ff 18 ff f0 78', ['parameters 31 0050ff18', 'data 78'], 'RFC 855: IAC doubled inside'],
  ['ff fa 05 ff f0', ['parameters 5 '], 'RFC 855: no parameters'],
  ['ff fa ff f0 78', ['malformed: a sub-negotiation of nothing', 'data 78'], 'not even an option'],
  ['78 ff f0 79', ['data 78', 'malformed: the end of a sub-negotiation that was not begun', 'data 79'], 'a stray SE'],
  ['ff fa 05 ff fa 78 ff f0', ['parameters 5 fa78'], 'they do not nest; as Twisted'],
  ['ff fa 05 0d 0a 0d 00 ff f0', ['parameters 5 0d0a0d00'], 'line ends mean nothing inside'],
];

describe.each(arrivals)('telnet arriving %s', (_arrival, split) => {
  test.each(facts)('%s is %j (%s)', (input, said) => {
    expect(parse(split(hex(input)))).toEqual(said);
  });

  test('CR LF is kept where the protocol wants it, and CR NUL is a CR all the same', () => {
    expect(parse(split(hex('61 0d 0a 0d 00 62 0a')), 'crlf')).toEqual(['data 610d0a0d620a']);
  });

  test('with exact bytes CR is like any other byte, and IAC is not', () => {
    expect(parse(split(hex('0d 0a 0d 00 0d ff ff')), 'exact')).toEqual(['data 0d0a0d000dff']);
  });

  test('parameters beyond the bound are left out, and what follows is heard', () => {
    const exactly = Buffer.concat([hex('ff fa 05'), Buffer.alloc(100, 'x'), hex('ff f0')]);
    const over = Buffer.concat([hex('ff fa 05'), Buffer.alloc(100_000, 'x'), hex('ff f0 61')]);
    expect(parse(split(exactly))).toEqual([`parameters 5 ${'78'.repeat(100)}`]);
    expect(parse(split(over))).toEqual(['malformed: more than 100 bytes of parameters for option 5', 'data 61']);
  });
});

/** Bytes in which everything special is frequent. */
const noise = fc
  .array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(255, 250, 240, 251, 253, 13, 10, 0, 1, 24) }, fc.nat(255)), {
    maxLength: 200,
  })
  .map(bytes => Uint8Array.from(bytes));

const lineEnds = fc.constantFrom<LineEnds>('lf', 'crlf', 'exact');

test('no bytes make it throw, and they mean the same in any split', () => {
  const property = fc.property(noise, fc.array(fc.nat(200)), lineEnds, (data, cuts, ends) => {
    const places = [0, ...cuts.filter(cut => cut <= data.length).sort((a, b) => a - b), data.length];
    const pieces = places.slice(1).map((to, index) => data.subarray(places[index], to));
    const whole = parse([data], ends);
    expect(parse(pieces, ends)).toEqual(whole);
    expect(parse(byteByByte(data), ends)).toEqual(whole);
  });
  fc.assert(property, { numRuns: 1_000 });
});

test('what is encoded with CR LF kept, or exactly, is heard as it was, however it was cut', () => {
  const property = fc.property(
    fc.array(noise, { maxLength: 5 }),
    fc.constantFrom<LineEnds>('crlf', 'exact'),
    (written, ends) => {
      const heard = parse(
        written.map(data => encode(data, ends)),
        ends,
      );
      const all = Buffer.concat(written).toString('hex');
      expect(heard).toEqual(all === '' ? [] : [`data ${all}`]);
    },
  );
  fc.assert(property, { numRuns: 1_000 });
});

// what is written, how lines end, what goes over the wire
const outward: ReadonlyArray<readonly [string, LineEnds, string, string]> = [
  ['61 ff 62', 'lf', '61ffff62', 'RFC 854: IAC is doubled'],
  ['61 0a 62', 'lf', '610d0a62', 'LF is the line end'],
  ['61 0d 62', 'lf', '610d0062', 'RFC 854: a CR is CR NUL'],
  ['61 0d 0a 62', 'lf', '610d0a62', 'a line end that is one already'],
  ['0d 0d 0a', 'lf', '0d000d0a', 'only the CR in front of LF belongs to it'],
  ['0a 0d', 'lf', '0d0a0d00', 'a CR at the end: nobody knows what follows'],
  ['61 0d 0a 0a 0d', 'crlf', '610d0a0a0d00', 'CR LF and LF as they are'],
  ['0d 0a 0a 0d ff', 'exact', '0d0a0a0dffff', 'RFC 856: only IAC'],
];

test.each(outward)('%s with %s goes out as %s (%s)', (written, ends, wire) => {
  expect(Buffer.from(encode(hex(written), ends)).toString('hex')).toBe(wire);
});
