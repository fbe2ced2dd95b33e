/** A terminal app as people meet it: examples/terminal/hello.ts, OpenSSH's client, and a real terminal (tmux). */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { build } from './build.ts';
import { makeLogin, type Login } from './login.ts';
import { has } from './missing.ts';
import { sshOptions } from './peers.ts';
import { clientEnvironment } from './run.ts';
import { makeKeyRing, startDeadline, type KeyRing } from './running-server.ts';
import { Screen } from './screen.ts';

const hello = fileURLToPath(new URL('../../dist/examples/terminal/hello.js', import.meta.url));
const needed = ['ssh', 'tmux'].map(name => ({
  name,
  packages: 'openssh-client tmux',
  isInstalled: () => existsSync(`/usr/bin/${name}`),
}));

function facts(): void {
  let keys: KeyRing;
  let child: ChildProcess;
  let login: Login;

  beforeAll(async () => {
    build();
    keys = makeKeyRing();
    const started = spawn(process.execPath, [hello, keys.hostKeyFile, `${keys.keyFile}.pub`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = started;
    const [line] = (await once(createInterface(started.stdout), 'line')) as [string];
    const port = Number(/\d+$/.exec(line)?.[0]);
    login = makeLogin({ ...keys, host: '127.0.0.1', port, close: async () => undefined });
  }, startDeadline);

  afterAll(() => {
    child.kill('SIGKILL');
    login.remove();
    keys.remove();
  });

  test('a session without a terminal is told what to type instead', () => {
    const { stderr, status } = spawnSync('ssh', [...sshOptions(login), login.host, 'anything'], {
      env: clientEnvironment(login.home),
      encoding: 'utf8',
    });
    expect({ stderr, status }).toEqual({ stderr: 'This service needs a terminal. Try: ssh -t …\n', status: 1 });
  });

  describe('in a terminal', () => {
    let screen: Screen;

    beforeEach(async () => {
      screen = new Screen({ file: 'ssh', args: [...sshOptions(login), login.host] }, login.home);
      await screen.until(/^hello; your \S+ has 100 columns and 30 rows$/m);
    });
    afterEach(() => screen[Symbol.dispose]());

    test('it asks the terminal who it is', async () => {
      await screen.until(/^it is tmux [\d.]+\w?, 16777216 colours$/m);
    });

    test('every key arrives as what it is', async () => {
      const keys = [
        'a',
        'é',
        'Up',
        'C-Right',
        'M-f',
        'F5',
        'S-F1',
        'Home',
        'DC',
        'BTab',
        'C-a',
        'Enter',
        'BSpace',
        'Escape',
      ];
      for (const key of keys) screen.press(key);
      const names = ['a', 'é', 'up', 'control+right', 'alt+f', 'f5', 'shift+f1', 'home', 'delete', 'shift+tab'];
      const more = ['control+a', 'enter', 'backspace', 'escape'];
      const text = await screen.until(/^key escape$/m);
      expect(text.match(/(?<=^key ).*$/gm)).toEqual([...names, ...more]);
    });

    test('a new size of the window is told', async () => {
      screen.resize(90, 20);
      await screen.until(/^now it has 90 columns and 20 rows$/m);
    });

    test('ending it gives the screen back as it was', async () => {
      screen.press('C-c');
      const text = await screen.until(/^ended with status 0$/m);
      expect(text).not.toMatch(/hello/);
    });
  });
}

describe('examples/terminal/hello.ts', () => {
  if (needed.every(has)) facts();
});
