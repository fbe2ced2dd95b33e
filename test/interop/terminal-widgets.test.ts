/** The examples that are made of widgets, as people meet them: OpenSSH's client in a real terminal (tmux). */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { build } from './build.ts';
import { makeLogin, type Login } from './login.ts';
import { has } from './missing.ts';
import { sshOptions } from './peers.ts';
import { makeKeyRing, startDeadline, type KeyRing } from './running-server.ts';
import { Screen } from './screen.ts';

const needed = ['ssh', 'tmux'].map(name => ({
  name,
  packages: 'openssh-client tmux',
  isInstalled: () => existsSync(`/usr/bin/${name}`),
}));

let keys: KeyRing;

/** Declare the tests of one example: it runs for all of them, each has a screen of its own. */
function example(name: string, shows: RegExp, facts: (screen: () => Screen, another: () => Screen) => void): void {
  describe(`examples/terminal/${name}.ts`, () => {
    let child: ChildProcess;
    let login: Login;
    let screens: Screen[] = [];
    let homes = 0;

    const open = (): Screen => {
      const home = join(login.home, `terminal-${(homes += 1)}`);
      mkdirSync(home);
      const screen = new Screen({ file: 'ssh', args: [...sshOptions(login), login.host] }, home);
      screens.push(screen);
      return screen;
    };

    beforeAll(async () => {
      const file = fileURLToPath(new URL(`../../dist/examples/terminal/${name}.js`, import.meta.url));
      const started = spawn(process.execPath, [file, keys.hostKeyFile, `${keys.keyFile}.pub`], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, NACRE_FOLDER: makeFolder() },
      });
      child = started;
      const [line] = (await once(createInterface(started.stdout), 'line')) as [string];
      const port = Number(/\d+$/.exec(line)?.[0]);
      login = makeLogin({ ...keys, host: '127.0.0.1', port, close: async () => undefined });
    }, startDeadline);

    afterAll(() => {
      child.kill('SIGKILL');
      login.remove();
    });

    beforeEach(async () => {
      await open().until(shows);
    });
    afterEach(() => {
      for (const screen of screens) screen[Symbol.dispose]();
      screens = [];
    });

    facts(() => screens[0]!, open);
  });
}

function facts(): void {
  beforeAll(() => {
    build();
    keys = makeKeyRing();
  }, startDeadline);
  afterAll(() => keys.remove());

  example('form', /an order/, screen => {
    test('is filled in and sent, and gives the screen back', async () => {
      screen().type('Ada 日本');
      screen().press('Tab');
      screen().type('secret');
      screen().press('Tab');
      screen().press('Up');
      for (let field = 0; field < 3; field += 1) screen().press('Tab');
      screen().press('Enter');
      const text = await screen().until(/Send it/);
      expect(text).toMatch(/Ada 日本 orders one small/);
      expect(text).toMatch(/The password has 6 characters/);
      screen().press('Enter');
      expect(await screen().until(/ended with status 0/)).not.toMatch(/an order/);
    });

    test('is drawn anew in another size', async () => {
      screen().resize(60, 20);
      await screen().until(/^╭─ an order ─{47}╮$/m);
    });
  });

  example('dashboard', /processors, % busy/, screen => {
    test('is live, and changes its page', async () => {
      await screen().until(/busy +\d+ % +load \d/);
      screen().press('Right');
      await screen().until(/heapUsed +\d+\.\d/);
      screen().press('q');
      await screen().until(/ended with status 0/);
    });
  });

  example('chat', /has come/, (screen, another) => {
    test('what one says, the other reads', async () => {
      const other = another();
      await screen().until(/(has come[^]*){2}/);
      screen().enter('hello there');
      await other.until(/: hello there/);
      other.press('C-c');
      await screen().until(/has left/);
    });
  });

  example('file-picker', /inner\//, screen => {
    test('goes into folders and up again, and picks files', async () => {
      screen().press('Enter');
      await screen().until(/deep\.txt +4/);
      screen().press('Enter');
      await screen().until(/picked inner\/deep\.txt/);
      screen().press('BSpace');
      await screen().until(/^.*inner\/ /m);
      screen().press('BSpace');
      screen().press('q');
      await screen().until(/ended with status 0/);
    });
  });
}

/** A folder with a folder and a file in it. */
function makeFolder(): string {
  const folder = join(keys.dir, 'folder');
  mkdirSync(join(folder, 'inner'), { recursive: true });
  writeFileSync(join(folder, 'inner', 'deep.txt'), 'deep');
  writeFileSync(join(folder, 'top.txt'), 'top');
  return folder;
}

describe('examples made of widgets', () => {
  if (needed.every(has)) facts();
});
