/** A terminal app as the handler of sessions: who may come, what it is told, and how each way to end looks to the client. */
import { describe, expect, test } from '@jest/globals';
import { terminalApp } from '../../server/terminal-app.ts';
import { string } from '../../ssh/wire.ts';
import { TerminalProtocol, type ITerminalTransport } from '../../terminal/contracts.ts';
import type { CloseReason } from '../../transport/close-reason.ts';
import { openLab, ptyFields, type SessionLab } from '../support/session-lab.ts';
import { Program } from '../terminal/terminal-lab.ts';

/** Runs `begin` once it has its terminal, on the alternate screen. */
class Brief extends TerminalProtocol {
  readonly #begin: (terminal: ITerminalTransport) => void;

  constructor(begin: (terminal: ITerminalTransport) => void) {
    super();
    this.#begin = begin;
  }

  override makeConnection(terminal: ITerminalTransport): void {
    terminal.setPrivateModes(['alternateScreen']);
    this.#begin(terminal);
  }
}

async function shell(program: TerminalProtocol, term = 'xterm', env: Record<string, string> = {}): Promise<SessionLab> {
  const lab = await openLab(terminalApp(() => program));
  for (const [name, value] of Object.entries(env)) await lab.channel.request('env', [string(name), string(value)]);
  await lab.channel.request('pty-req', ptyFields(term));
  await lab.channel.request('shell');
  return lab;
}

const putBack = '\x1b[?1049h\x1b[?1049l';
const regret = 'nacre: the session has failed; the server has the reason in its log\r\n';

describe('how it ends', () => {
  const failure = new Error('secret \x1b]0;title\x07');
  // what the app does · its last words on stderr · the exit status · whether the log has the failure
  test.each<[string, (terminal: ITerminalTransport) => void, string, number, boolean]>([
    ['closes', t => t.loseConnection(), '', 0, false],
    ['exits', t => t.exit(7), '', 7, false],
    ['exits with 0', t => t.exit(0), '', 0, false],
    [
      'throws',
      () => {
        throw failure;
      },
      regret,
      1,
      true,
    ],
    ['fails', t => t.fail(failure), regret, 1, true],
    ['fails later', t => void Promise.resolve().then(() => t.fail(failure)), regret, 1, true],
  ])('an app that %s', async (_what, begin, stderr, code, logged) => {
    const { channel, reported, report } = await shell(new Brief(begin));
    await channel.until('close');
    expect([channel.stdout.toString(), channel.stderr.toString()]).toEqual([putBack, stderr]);
    expect(channel.milestones.slice(-3)).toEqual([`exit-status ${code}`, 'eof', 'close']);
    await report('session-ended');
    expect(reported('session-error').map(({ error }) => error)).toEqual(logged ? [failure.message] : []);
  });

  test('the terminal is put back before the last words, so that they stay on the screen', async () => {
    const { channel } = await shell(new Brief(t => t.fail(failure)));
    await channel.until('close');
    const kinds = channel.events.entries.map(event => event.split(' ')[0]);
    expect(kinds.lastIndexOf('data')).toBeLessThan(kinds.indexOf('stderr'));
  });

  test('a client that vanishes ends the app, which has not failed', async () => {
    const ends: CloseReason[] = [];
    const program = new Program();
    program.connectionLost = reason => ends.push(reason);
    const { peer, report, reported } = await shell(program);
    peer.socket.destroy();
    await report('session-ended');
    expect(ends).toMatchObject([{ kind: expect.not.stringMatching('protocol-error') }]);
    expect(reported('session-error')).toEqual([]);
  });
});

describe('who comes', () => {
  test('a session without a terminal is told what to type instead', async () => {
    const { channel } = await openLab(terminalApp(() => new Program()));
    channel.sendRequest('exec', false, string('date'));
    await channel.until('close');
    expect([channel.stderr.toString(), channel.milestones.slice(-3)]).toEqual([
      'This service needs a terminal. Try: ssh -t …\n',
      ['exit-status 1', 'eof', 'close'],
    ]);
  });

  test('a program that cannot be made is a session that has failed', async () => {
    const lab = await openLab(
      terminalApp(() => {
        throw new Error('no room');
      }),
    );
    await lab.channel.request('pty-req', ptyFields());
    lab.channel.sendRequest('shell', false);
    await lab.channel.until('close');
    expect(lab.channel.stderr.toString()).toBe(regret);
    expect(await lab.report('session-error')).toMatchObject({ error: 'no room' });
  });
});

describe('what it is told', () => {
  test('the terminal type, its size and its colours are the session’s', async () => {
    let seen: unknown;
    const program = new Brief(({ term, size, capabilities }) => (seen = [term, size, capabilities.colours]));
    await shell(program, 'xterm-256color', { COLORTERM: 'truecolor' });
    expect(seen).toEqual([
      'xterm-256color',
      { columns: 80, rows: 24, widthPixels: 640, heightPixels: 480 },
      16_777_216,
    ]);
  });

  test('keys, and a new size of the window', async () => {
    const program = new Program();
    const { channel, peer } = await shell(program);
    channel.data('a\x1b[A');
    channel.sendRequest('window-change', false, ...ptyFields('', [100, 30, 0, 0]).slice(1, 5));
    await peer.barrier();
    expect(program.heard).toEqual(['made', 'key a', 'key up', 'size 100×30']);
  });
});
