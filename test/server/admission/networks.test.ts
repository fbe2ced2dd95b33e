/** Networks: who belongs to one, and which block an address is counted in. */
import { describe, expect, test } from '@jest/globals';
import { NetworkList, sourceOf } from '../../../server/admission/networks.ts';

describe('a list of networks', () => {
  const list = new NetworkList('o', ['192.0.2.0/24', '198.51.100.7', '2001:db8::/32', '::1', '10.1.2.3/8']);
  const facts: Array<[host: string, belongs: boolean]> = [
    ['192.0.2.0', true],
    ['192.0.2.255', true],
    ['192.0.3.0', false],
    ['198.51.100.7', true],
    ['198.51.100.8', false],
    ['10.255.0.1', true],
    ['2001:db8:ffff::', true],
    ['2001:db9::', false],
    ['::1', true],
    ['::1%lo', true],
    ['example', false],
    ['', false],
  ];
  test.each(facts)('%s: %s', (host, belongs) => expect(list.has(host)).toBe(belongs));

  test('/0 is every address of its family, and of no other', () => {
    const all = new NetworkList('o', ['0.0.0.0/0']);
    expect([all.has('203.0.113.1'), all.has('2001:db8::1')]).toEqual([true, false]);
  });

  const wrong = [
    '',
    '192.0.2.0/33',
    '192.0.2.0/',
    '192.0.2.0/-1',
    '192.0.2.0/8/8',
    '2001:db8::/129',
    'host',
    '192.0.2',
    '192.0.2.0/ 8',
    '::1%lo',
  ];
  test.each(wrong)('%j is no network, and the error says which item of which option', text => {
    const make = (): unknown => new NetworkList('penalties.exempt', ['::1', text]);
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_CONFIG', option: 'penalties.exempt[1]' }));
  });
});

describe('the source of a connection', () => {
  const facts: Array<[host: string, ipv4Bits: number, ipv6Bits: number, name: string | undefined]> = [
    ['192.0.2.77', 32, 128, '192.0.2.77'],
    ['192.0.2.77', 24, 128, '192.0.2.0/24'],
    ['192.0.2.77', 26, 128, '192.0.2.64/26'],
    ['192.0.2.77', 1, 128, '128.0.0.0/1'],
    ['2001:db8:1:2:3:4:5:6', 32, 128, '2001:db8:1:2:3:4:5:6'],
    ['2001:db8:1:2:3:4:5:6', 32, 64, '2001:db8:1:2::/64'],
    ['2001:db8:1:2:3:4:5:6', 32, 45, '2001:db8::/45'],
    ['2001:DB8:0:0::1', 32, 128, '2001:db8::1'],
    ['fe80::1%eth0', 32, 128, 'fe80::1'],
    ['localhost', 32, 128, undefined],
  ];
  test.each(facts)('%s by %i and %i bits is %s', (host, ipv4Bits, ipv6Bits, name) => {
    expect(sourceOf(host, { ipv4Bits, ipv6Bits })?.name).toBe(name);
  });

  test('knows its family', () => {
    const blocks = { ipv4Bits: 32, ipv6Bits: 128 };
    expect([sourceOf('192.0.2.1', blocks)?.family, sourceOf('::1', blocks)?.family]).toEqual(['ipv4', 'ipv6']);
  });
});
