/** Each request of a session channel: when it is allowed, what is refused, what the session learns. RFC 4254 §6. */
import { describe, expect, test } from '@jest/globals';
import { string, uint32, type Field } from '../../ssh/wire.ts';
import { openLab, ptyFields } from '../support/session-lab.ts';

type Request = [type: string, ...fields: Field[]];

const pty: Request = ['pty-req', ...ptyFields()];
const shell: Request = ['shell'];
const exec = (command: string | Uint8Array): Request => ['exec', string(command)];
const env = (name: string, value: string | Uint8Array): Request => ['env', string(name), string(value)];
const resize = (...size: number[]): Request => ['window-change', ...size.map(uint32)];
const signal = (name: string): Request => ['signal', string(name)];
const size = resize(100, 30, 0, 0);

// what came before, the request, its answer, where that is written
const facts: Array<[before: Request[], request: Request, answer: 'success' | 'failure', source: string]> = [
  [[], pty, 'success', 'RFC 4254 §6.2'],
  [[pty], pty, 'failure', 'there is one terminal'],
  [[shell], pty, 'failure', 'a terminal comes before the program'],
  [[], ['pty-req', ...ptyFields('')], 'success', 'a client without TERM, as ssh -tt in cron'],
  [[], ['pty-req', ...ptyFields('x'.repeat(128))], 'success', 'the longest TERM'],
  [[], ['pty-req', ...ptyFields('x'.repeat(129))], 'failure', 'too long for TERM'],
  [[], ['pty-req', ...ptyFields('\x1b[31mxterm')], 'failure', 'a control character'],
  [[], ['pty-req', ...ptyFields('xterm\n')], 'failure', 'a newline at the end'],
  [[], ['pty-req', ...ptyFields('x term')], 'failure', 'a space'],
  [[], ['pty-req', ...ptyFields('xterm\0')], 'failure', 'a NUL'],
  [[], ['pty-req', ...ptyFields('xtérm')], 'failure', 'not ASCII'],
  [[], ['pty-req', ...ptyFields('xterm', undefined, Buffer.of(53, 0, 0))], 'failure', 'RFC 4254 §8: half a mode'],
  [[], ['pty-req', string('xterm'), uint32(80)], 'failure', 'cut short'],

  [[], env('LANG', 'de_DE.UTF-8'), 'success', 'on the list'],
  [[], env('LC_ALL', ''), 'success', 'on the list, an empty value'],
  [[], env('COLORTERM', 'truecolor'), 'success', 'on the list'],
  [[], env('TERM_PROGRAM', 'x'), 'success', 'on the list'],
  [[], env('LANG', 'x'.repeat(8192)), 'success', 'the longest value'],
  [[], env('LANG', 'x'.repeat(8193)), 'failure', 'too long'],
  [[], env('LANG', 'a\0b'), 'failure', 'a NUL would cut it'],
  [[], env('LANG', Buffer.of(0xe9)), 'success', 'sshd: bytes that are not UTF-8 go through'],
  [[], env('LD_PRELOAD', '/tmp/x.so'), 'failure', 'not on the list'],
  [[], env('PATH', '/tmp'), 'failure', 'not on the list'],
  [[], env('HOME', '/tmp'), 'failure', 'not on the list'],
  [[], env('LC_', 'x'), 'failure', 'LC_ and no more'],
  [[], env('LC_A=B', 'x'), 'failure', 'a name with ='],
  [[], env('LANG\n', 'x'), 'failure', 'a newline behind the name'],
  [[], env('XLANG', 'x'), 'failure', 'the list is of whole names'],
  [[], env('', 'x'), 'failure', 'no name'],
  [[shell], env('LANG', 'C'), 'failure', 'RFC 4254 §6.4: before the program starts'],
  [[], ['env', string('LANG')], 'failure', 'cut short'],

  [[], shell, 'success', 'RFC 4254 §6.5'],
  [[pty, env('LANG', 'C')], shell, 'success', 'RFC 4254 §6.5'],
  [[shell], shell, 'failure', 'RFC 4254 §6.5: only one of them per channel'],
  [[exec('x')], shell, 'failure', 'only one of them per channel'],
  [[], exec('echo é'), 'success', 'RFC 4254 §6.5'],
  [[shell], exec('x'), 'failure', 'only one of them per channel'],
  [[], exec(''), 'success', 'sshd: `sh -c` of nothing'],
  [[], exec(Buffer.from('echo \xe9', 'latin1')), 'success', 'sshd: bytes that are not UTF-8 go through'],
  [[], exec('a\0b'), 'failure', 'a NUL would cut it'],
  [[], ['exec', uint32(99)], 'failure', 'cut short'],
  [[], ['subsystem', string('sftp')], 'failure', 'not served'],
  [[['subsystem', string('sftp')]], shell, 'success', 'a refused subsystem uses nothing up'],
  [[exec('a\0b')], shell, 'success', 'a refused command uses nothing up'],

  [[], size, 'success', 'RFC 4254 §6.7'],
  [[pty, shell], size, 'success', 'RFC 4254 §6.7'],
  [[pty, shell], ['window-change', uint32(80)], 'failure', 'cut short'],
  [[], signal('TERM'), 'failure', 'there is nobody to signal'],
  [[shell], signal('TERM'), 'failure', 'this program takes no signals'],
  [[pty, shell], ['break', uint32(500)], 'success', 'RFC 4335; sshd'],
  [[shell], ['break', uint32(500)], 'failure', 'RFC 4335: no terminal, no break'],

  [[], ['x11-req', string('')], 'failure', 'not served'],
  [[shell], ['auth-agent-req@openssh.com'], 'failure', 'not served'],
  [[shell], ['keepalive@openssh.com'], 'failure', 'sshd: a failure is an answer too'],
  [[], ['exit-status', uint32(0)], 'failure', 'RFC 4254 §6.10: ours to say'],
  [[], [''], 'failure', 'a name that nobody has'],
  [[], ['constructor'], 'failure', 'a name that every object has'],
  [[], ['toString'], 'failure', 'a name that every object has'],
];

describe('answers', () => {
  for (const [before, request, answer, source] of facts) {
    const text = (r: Request) =>
      `${r[0]} ${JSON.stringify(
        Buffer.concat(r.slice(1) as Field[])
          .toString('latin1')
          .slice(0, 60),
      )}`;
    const context = before.length > 0 ? ` after ${before.map(([type]) => type).join(', ')}` : '';
    test(`${text(request)}${context} is a ${answer} (${source})`, async () => {
      const { channel, peer } = await openLab();
      for (const [type, ...fields] of before) channel.sendRequest(type, false, ...fields);
      const [type, ...fields] = request;
      expect(await channel.request(type, fields)).toBe(answer);
      await peer.barrier();
    });
  }

  test('come in the order of the requests, one each, and none where none is wanted', async () => {
    const { channel, peer } = await openLab();
    const wanted: Request[] = [env('LANG', 'C'), env('PATH', 'x'), pty, pty, size, shell, shell, ['nonsense']];
    for (const [type, ...fields] of wanted) {
      channel.sendRequest(type, true, ...fields);
      channel.sendRequest('env', false, string('LANG'), string('C'));
    }
    await peer.barrier();
    expect(channel.milestones.slice(1)).toEqual([
      'success',
      'failure',
      'success',
      'failure',
      'success',
      'success',
      'failure',
      'failure',
    ]);
  });

  test('come after the EOF of the client too', async () => {
    const { channel, session } = await openLab(async current => current.attach({ signal: () => true }));
    channel.eof();
    expect(await channel.request('shell')).toBe('success');
    expect((await session()).started).toBe(true);
  });
});

describe('what a session learns', () => {
  test('terminal type, size and modes', async () => {
    const { channel, session } = await openLab();
    const modes = Buffer.of(53, 0, 0, 0, 0, 3, 0, 0, 0, 127, 0, 99);
    await channel.request('pty-req', ptyFields('screen-256color', [132, 43, 1056, 688], modes));
    await channel.request('shell');
    expect((await session()).pty).toEqual({
      term: 'screen-256color',
      size: { columns: 132, rows: 43, widthPixels: 1056, heightPixels: 688 },
      modes: new Map([
        [53, 0],
        [3, 127],
      ]),
    });
  });

  test('variables, the last value of each', async () => {
    const { channel, session } = await openLab();
    for (const value of ['C', 'de_DE.UTF-8']) await channel.request('env', [string('LANG'), string(value)]);
    await channel.request('env', [string('LC_TIME'), string('ü')]);
    await channel.request('shell');
    expect(Object.fromEntries((await session()).environment)).toEqual({ LANG: 'de_DE.UTF-8', LC_TIME: 'ü' });
  });

  test('no more than 64 variables', async () => {
    const { channel, session } = await openLab();
    for (let i = 0; i < 64; i += 1) channel.sendRequest('env', false, string(`LC_${i}`), string('x'));
    expect(await channel.request('env', [string('LANG'), string('C')])).toBe('failure');
    await channel.request('shell');
    expect((await session()).environment.size).toBe(64);
  });

  test('its command, byte for byte; a byte-order mark is part of it', async () => {
    const { channel, session } = await openLab();
    await channel.request('exec', [string('\ufeffecho "$HOME" é日\n')]);
    expect((await session()).request).toEqual({ kind: 'exec', command: '\ufeffecho "$HOME" é日\n' });
  });

  test('an empty command as one, which is no shell', async () => {
    const { channel, session } = await openLab();
    await channel.request('exec', [string('')]);
    expect((await session()).request).toEqual({ kind: 'exec', command: '' });
  });

  // what came, columns, rows, width and height in pixels as they are passed on
  const sizes: Array<[sent: number[], seen: number[]]> = [
    [
      [132, 43, 1056, 688],
      [132, 43, 1056, 688],
    ],
    [
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ],
    [
      [65_535, 65_536, 70_000, 0xffff_ffff],
      [65_535, 65_535, 65_535, 65_535],
    ],
  ];
  for (const [sent, [columns, rows, widthPixels, heightPixels]] of sizes) {
    test(`a size of ${sent.join(', ')} as what a terminal can hold`, async () => {
      const seen: unknown[] = [];
      const { channel, session } = await openLab(async current => {
        current.attach({ resize: size => void seen.push(size) });
        await new Promise(() => undefined);
      });
      await channel.request('pty-req', ptyFields());
      await channel.request('shell');
      await channel.request('window-change', sent.map(uint32));
      expect(seen).toEqual([{ columns, rows, widthPixels, heightPixels }]);
      expect((await session()).pty?.size).toEqual(seen[0]);
    });
  }

  test('signals by name, and the client whether they were delivered', async () => {
    const seen: string[] = [];
    const { channel } = await openLab(async current => {
      current.attach({ signal: name => seen.push(name) > 0 && name === 'INT' });
      await new Promise(() => undefined);
    });
    await channel.request('shell');
    expect(await channel.request('signal', [string('INT')])).toBe('success');
    expect(await channel.request('signal', [string('NONSENSE')])).toBe('failure');
    expect(seen).toEqual(['INT', 'NONSENSE']);
  });
});
