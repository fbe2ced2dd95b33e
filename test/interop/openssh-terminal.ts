/** What a person at OpenSSH's client in a real terminal (tmux) must be able to do on a server. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { makeLogin, type Login } from './login.ts';
import { has, type Needed } from './missing.ts';
import { sshOptions } from './peers.ts';
import { startDeadline, type RunningServer } from './running-server.ts';
import { Screen } from './screen.ts';

const program = (name: string, packages: string): Needed => ({
  name,
  packages,
  isInstalled: () => existsSync(`/usr/bin/${name}`),
});

/** Declare the facts against the server that `start` starts; it is stopped at the end. */
export function terminalFacts(title: string, start: () => Promise<RunningServer>): void {
  describe(title, () => (has(program('tmux', 'tmux')) ? facts(start) : undefined));
}

function facts(start: () => Promise<RunningServer>): void {
  let server: RunningServer;
  let login: Login;
  let screen: Screen;

  beforeAll(async () => void (server = await start()), startDeadline);
  afterAll(() => server.close());

  beforeEach(async () => {
    login = makeLogin(server);
    screen = new Screen({ file: 'ssh', args: [...sshOptions(login), login.host] }, login.home);
    await screen.until(/[$#>%]\s*$/);
    screen.enter(` PS1='ready> ' exec bash --norc --noprofile -i`);
    await screen.until(/^ready>$/m);
  });
  afterEach(() => {
    screen[Symbol.dispose]();
    login.remove();
  });

  /** Resolves when `cat` has the terminal: what is typed while readline still has it is not echoed. */
  async function startCat(): Promise<void> {
    screen.enter('echo cooked; cat');
    await screen.until(/^cooked$/m);
  }

  test('the shell has a terminal of its own, of the size of the window', async () => {
    screen.enter('tty; stty size');
    await screen.until(/^\/dev\/pts\/\d+\n30 100$/m);
  });

  test('resizing the window resizes the terminal, and the program is told', async () => {
    screen.enter(`trap 'stty size' WINCH; echo trap set`);
    await screen.until(/^trap set\nready>$/m);
    screen.resize(120, 40);
    await screen.until(/40 120$/m);
  });

  test('Ctrl-C interrupts the program, not the session', async () => {
    await startCat();
    screen.enter('echoed');
    await screen.until(/^echoed\nechoed$/m);
    screen.press('C-c');
    screen.enter('echo status $?');
    await screen.until(/^status 130$/m);
  });

  test('Ctrl-Z stops the program and fg brings it back', async () => {
    await startCat();
    screen.enter('before');
    await screen.until(/^before\nbefore$/m);
    screen.press('C-z');
    await screen.until(/Stopped +cat/);
    screen.enter('fg');
    await screen.until(/^ready> fg\ncat$/m);
    screen.enter('after');
    await screen.until(/^after\nafter$/m);
    screen.press('C-d');
    await screen.until(/\nready>\n*$/);
  });

  test('a shell that exits ends the client, with its status', async () => {
    screen.enter('exit 7');
    await screen.until(/^ended with status 7$/m);
  });

  test('a shell that a signal ends ends the client too', async () => {
    screen.enter('kill -KILL $$');
    await screen.until(/^ended with status 255$/m);
  });

  if (has(program('vim', 'vim'))) {
    test('vim starts, draws to the last row, and quits', async () => {
      screen.enter('vim -u NONE -c "set noswapfile"');
      await screen.until(/^~$/m);
      screen.enter('ihello from vim');
      screen.press('Escape');
      expect(await screen.until(/^hello from vim/)).toMatch(/~\n/);
      screen.enter(':q!');
      await screen.until(/ready>\n*$/);
    });
  }

  if (has(program('less', 'less'))) {
    test('less shows a page, jumps to the end, and quits', async () => {
      screen.enter('seq 5000 | less');
      await screen.until(/^1\n2\n[^]*\n29\n:/);
      screen.press('G');
      await screen.until(/\n5000\n\(END\)/);
      screen.press('q');
      await screen.until(/ready>\n*$/);
    });
  }

  if (has(program('top', 'procps'))) {
    test('top starts and quits', async () => {
      screen.enter('top');
      await screen.until(/load average/);
      screen.press('q');
      await screen.until(/ready>\n*$/);
    });
  }
}
