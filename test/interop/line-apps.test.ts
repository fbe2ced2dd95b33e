/** The examples of the line editor as people meet them: OpenSSH's client in a real terminal (tmux); and their page. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { build } from './build.ts';
import { makeLogin, type Login } from './login.ts';
import { has } from './missing.ts';
import { sshOptions } from './peers.ts';
import { makeKeyRing, startDeadline, type KeyRing } from './running-server.ts';
import { Screen } from './screen.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const needed = ['ssh', 'tmux'].map(name => ({
  name,
  packages: 'openssh-client tmux',
  isInstalled: () => existsSync(`/usr/bin/${name}`),
}));

/** Starts an example, and logs in to it in a terminal of its own. */
class Visit implements Disposable {
  readonly screen: Screen;
  readonly #keys: KeyRing;
  readonly #login: Login;
  readonly #server: ChildProcess;

  private constructor(keys: KeyRing, server: ChildProcess, port: number) {
    this.#keys = keys;
    this.#server = server;
    this.#login = makeLogin({ ...keys, host: '127.0.0.1', port, close: async () => undefined });
    this.screen = new Screen({ file: 'ssh', args: [...sshOptions(this.#login), '127.0.0.1'] }, this.#login.home);
  }

  static async at(example: string): Promise<Visit> {
    const keys = makeKeyRing();
    const program = `${root}dist/examples/terminal/${example}.js`;
    const server = spawn(process.execPath, [program, keys.hostKeyFile, `${keys.keyFile}.pub`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
    return new Visit(keys, server, Number(/\d+$/.exec(line)?.[0]));
  }

  [Symbol.dispose](): void {
    this.screen[Symbol.dispose]();
    this.#server.kill('SIGKILL');
    this.#login.remove();
    this.#keys.remove();
  }
}

function facts(): void {
  beforeAll(() => build(), startDeadline);

  describe('examples/terminal/ask.ts', () => {
    let visit: Visit;
    beforeAll(async () => {
      visit = await Visit.at('ask');
    }, startDeadline);
    afterAll(() => visit[Symbol.dispose]());

    test('asks for this and that, and says what it heard', async () => {
      const { screen } = visit;
      await screen.until(/^Name:$/m);
      screen.enter('Ann');
      await screen.until(/^Colour:$/m);
      screen.press('g');
      screen.press('Tab');
      await screen.until(/^Colour: green$/m);
      screen.press('Enter');
      await screen.until(/^Password:$/m);
      screen.enter('secret');
      await screen.until(/^Password: \*{6}\nAbout you/m);
      screen.enter('I have');
      screen.enter('two lines.');
      await screen.until(/^Ann likes green; 6 characters of password; 2 lines\.$/m);
    });

    test('keeps the line right while the window changes its size', async () => {
      const { screen } = visit;
      screen.press('x'.repeat(150));
      await screen.until(/^Enter to leave x{85}\nx{65}$/m);
      screen.resize(60, 30);
      await screen.until(/lines\.\nEnter to leave x{45}\nx{60}\nx{45}$/m);
      screen.resize(120, 30);
      await screen.until(/lines\.\nEnter to leave x{105}\nx{45}$/m);
      screen.press('Enter');
      await screen.until(/^ended with status 0$/m);
    });
  });

  describe('examples/terminal/repl.ts', () => {
    let visit: Visit;
    beforeAll(async () => {
      visit = await Visit.at('repl');
    }, startDeadline);
    afterAll(() => visit[Symbol.dispose]());

    test('runs what is typed, inside of the server', async () => {
      const { screen } = visit;
      await screen.until(/^visits, wait, user\n>$/m);
      screen.enter('visits.get(user)');
      await screen.until(/^> visits\.get\(user\)\n1\n>$/m);
      screen.enter('wait(300, "later")');
      await screen.until(/^Promise #1 \{ <pending> \}$/m);
      screen.press('typed');
      await screen.until(/^Promise #1: 'later'\n> typed$/m);
      screen.press('C-c');
      screen.enter('await wait(1e8)');
      await screen.until(/await wait\(1e8\)$/m);
      screen.press('C-c');
      await screen.until(/^interrupted\n>$/m);
      screen.press('C-d');
      await screen.until(/^ended with status 0$/m);
    });
  });
}

describe('over ssh', () => {
  if (needed.every(has)) facts();
});

test('docs/line-editor.md shows the examples as they are', () => {
  const page = readFileSync(`${root}docs/line-editor.md`, 'utf8');
  const shown = Array.from(page.matchAll(/^<!-- (\S+) -->\n```ts\n([^]*?)^```$/gm), ([, path, code]) => ({
    path,
    code,
  }));
  expect(shown.map(({ path }) => path)).toEqual(
    ['serve-app', 'ask', 'repl'].map(name => `examples/terminal/${name}.ts`),
  );
  for (const { path, code } of shown) expect(code).toBe(readFileSync(root + path, 'utf8'));
});
