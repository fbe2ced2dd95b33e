/** What nacre says and hears about windows, terminals, variables and line modes, octet for octet as the RFCs have it. */
import { describe, expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import { TelnetOption } from '../../../transport/telnet/codes.ts';
import type { TelnetEvent } from '../../../transport/telnet/contracts.ts';
import { hex, joined, latin1, played, TelnetRecorder } from './lab.ts';

const { NAWS, TERMINAL_TYPE, NEW_ENVIRON, LINEMODE } = TelnetOption;
const size = (columns: number, rows: number) => ({ columns, rows, widthPixels: 0, heightPixels: 0 });

/** Everything but the options going on and off. */
const told = (near: TelnetRecorder): TelnetEvent[] => near.events.filter(({ kind }) => kind !== 'option');

describe('window size (RFC 1073)', () => {
  test('is told when the peer asks, and when it changes; 255 is doubled', async () => {
    const { transport, receive, sent } = played(new TelnetRecorder(), { size: size(80, 24) });
    transport.resize(size(255, 24));
    await receive(hex('fffd1f'));
    expect(sent()).toBe('fffb1f fffa1f 00ffff 0018 fff0'.replaceAll(' ', ''));
    transport.resize(size(100_000, -5));
    await receive(hex('61'));
    expect(sent()).toBe('fffa1fffffffff0000fff0');
  });

  test('is not told to a peer that did not ask, or stopped', async () => {
    const { transport, receive, sent } = played(new TelnetRecorder(), { size: size(80, 24) });
    transport.resize(size(81, 24));
    await receive(hex('fffd1f fffe1f'));
    sent();
    transport.resize(size(82, 24));
    await receive(hex('61'));
    expect(sent()).toBe('');
  });

  test('is heard, 0 for what the peer does not know', async () => {
    const { near, receive } = played(new TelnetRecorder(), { remote: [NAWS] });
    await receive(hex('fffb1f fffa1f 0050 0018 fff0 fffa1f 0000 ffff00 fff0'));
    expect(told(near)).toEqual([
      { kind: 'size', size: size(80, 24) },
      { kind: 'size', size: size(0, 65_280) },
    ]);
  });

  test('of another length, or of a peer that has not agreed to tell it, is left out', async () => {
    const { near, receive } = played(new TelnetRecorder(), { remote: [NAWS] });
    await receive(hex('fffa1f 0050 0018 fff0 fffb1f fffa1f 0050 00 fff0 fffa1f fff0'));
    expect(told(near).map(({ kind }) => kind)).toEqual(['malformed', 'malformed', 'malformed']);
  });
});

describe('terminal type (RFC 1091)', () => {
  test('is asked for as soon as it may be, and heard in lower case', async () => {
    const { near, receive, sent } = played(new TelnetRecorder(), { remote: [TERMINAL_TYPE] });
    await receive(hex('fffb18'));
    expect(sent()).toBe('fffd18fffa1801fff0');
    await receive(Buffer.concat([hex('fffa1800'), latin1('XTERM-256COLOR'), hex('fff0')]));
    expect(told(near)).toEqual([{ kind: 'terminal-type', name: 'xterm-256color' }]);
  });

  test('is told best first; the last twice, which ends the list, and then the first', async () => {
    const { receive, sent } = played(new TelnetRecorder(), { terminalTypes: ['XTERM', 'VT100'] });
    await receive(hex('fffd18'));
    sent();
    const names: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      await receive(hex('fffa1801fff0'));
      names.push(Buffer.from(sent(), 'hex').subarray(4, -2).toString());
    }
    expect(names).toEqual(['XTERM', 'VT100', 'VT100', 'XTERM']);
  });

  test('that is no name is left out: it would end up in TERM', async () => {
    const { near, receive } = played(new TelnetRecorder(), { remote: [TERMINAL_TYPE] });
    await receive(hex('fffb18'));
    for (const name of ['', 'a\nb', 'x'.repeat(41), '\x1b[2J']) {
      await receive(Buffer.concat([hex('fffa1800'), latin1(name), hex('fff0')]));
    }
    expect(told(near).map(({ kind }) => kind)).toEqual(['malformed', 'malformed', 'malformed', 'malformed']);
  });
});

describe('environment (RFC 1572)', () => {
  test('is asked for as soon as it may be, and heard', async () => {
    const { near, receive, sent } = played(new TelnetRecorder(), { remote: [NEW_ENVIRON] });
    await receive(hex('fffb27'));
    expect(sent()).toBe('fffd27fffa2701fff0');
    const variables = '\x00\x00USER\x01joe\x03LANG\x01\x03EMPTY\x00DISPLAY\x01a\x02\x01b';
    await receive(Buffer.concat([hex('fffa27'), latin1(variables), hex('fff0')]));
    expect(told(near)).toEqual([
      {
        kind: 'environment',
        variables: [
          { name: 'USER', value: 'joe', kind: 'well-known' },
          { name: 'LANG', value: '', kind: 'user' },
          { name: 'EMPTY', value: undefined, kind: 'user' },
          { name: 'DISPLAY', value: 'a\x01b', kind: 'well-known' },
        ],
      },
    ]);
  });

  // what the peer asks for, what we say
  const asked: ReadonlyArray<readonly [string, string, string]> = [
    ['', '\x00USER\x01joe\x03X\x01\x02\x01', 'everything'],
    ['\x00', '\x00USER\x01joe', 'all that are well known'],
    ['\x03', '\x03X\x01\x02\x01', "all that are the user's own"],
    ['\x03X', '\x03X\x01\x02\x01', 'one of them'],
    ['\x00USER\x00SHELL', '\x00USER\x01joe\x00SHELL', 'one that we have and one that we have not'],
    ['\x03USER', '\x03USER', 'one of the other kind is another one'],
  ];
  test.each(asked)('asked for %j, %j is told (%s)', async (wanted, answer) => {
    const { receive, sent } = played(new TelnetRecorder(), { environment: { USER: 'joe', X: '\x01' } });
    await receive(hex('fffd27'));
    sent();
    await receive(Buffer.concat([hex('fffa2701'), latin1(wanted), hex('fff0')]));
    expect(sent()).toBe(`fffa2700${Buffer.from(answer, 'latin1').toString('hex')}fff0`);
  });

  test('whatever its names and values, it arrives as it is', async () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
    const property = fc.asyncProperty(fc.dictionary(text, text, { maxKeys: 5 }), async environment => {
      const near = new TelnetRecorder();
      const [end] = joined(near, new TelnetRecorder(), {}, { environment });
      await end.do(NEW_ENVIRON);
      await near.until(() => told(near).length > 0);
      const [event] = told(near);
      const heard = event?.kind === 'environment' ? event.variables.map(({ name, value }) => [name, value]) : event;
      expect(heard).toEqual(Object.entries(environment));
      end.abortConnection();
    });
    await fc.assert(property, { numRuns: 50 });
  });

  test('that is no list of variables is left out', async () => {
    const { near, receive } = played(new TelnetRecorder(), { remote: [NEW_ENVIRON] });
    await receive(hex('fffb27 fffa27 00 41 fff0 fffa27 07 00 41 fff0 fffa27 fff0'));
    expect(told(near).map(({ kind }) => kind)).toEqual(['malformed', 'malformed', 'malformed']);
  });
});

describe('line mode (RFC 1184 §2.2)', () => {
  test('is asked of a peer that edits lines, and its acknowledgement is heard', async () => {
    const { near, receive, sent } = played(new TelnetRecorder(), { remote: [LINEMODE], lineMode: 2 });
    await receive(hex('fffb22'));
    expect(sent()).toBe('fffd22fffa220102fff0');
    await receive(hex('fffa220106fff0'));
    expect([told(near), sent()]).toEqual([[{ kind: 'line-mode', mask: 2, acknowledged: true }], '']);
  });

  test('that the peer asks of us is acknowledged once; an acknowledgement never is: no loop', async () => {
    const { near, receive, sent } = played(new TelnetRecorder(), { local: [LINEMODE] });
    await receive(hex('fffd22'));
    sent();
    await receive(hex('fffa220101fff0 fffa220101fff0 fffa220105fff0'));
    expect(sent()).toBe('fffa220105fff0');
    expect(told(near)[0]).toEqual({ kind: 'line-mode', mask: 1, acknowledged: false });
  });

  test('nothing else of LINEMODE is known, and a mode of no length is left out', async () => {
    const { near, receive, sent } = played(new TelnetRecorder(), { local: [LINEMODE] });
    await receive(hex('fffd22 fffa22 03 010000 fff0 fffa22 01 fff0 fffa22 fd02 fff0'));
    expect([told(near).map(({ kind }) => kind), sent()]).toEqual([['malformed'], 'fffb22']);
  });
});
