/** A terminal app that is served, and people who look at it with OpenSSH's client, each in a real terminal (tmux). */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { loadHostKey } from '../../keys/host-key.ts';
import { listen } from '../../server/listen.ts';
import type { ServerEvent } from '../../server/events.ts';
import { terminalApp } from '../../server/terminal-app.ts';
import type { ITerminalProtocol } from '../../terminal/contracts.ts';
import { build } from './build.ts';
import { makeLogin, type Login } from './login.ts';
import { has } from './missing.ts';
import { sshOptions } from './peers.ts';
import { makeKeyRing, type KeyRing } from './running-server.ts';
import { Screen } from './screen.ts';
import { Seat } from './seat.ts';

const needed = ['ssh', 'tmux'].map(name => ({
  name,
  packages: 'openssh-client tmux',
  isInstalled: () => existsSync(`/usr/bin/${name}`),
}));

/** Whether this machine has a client and a terminal; when not, a skipped or failing test is declared instead. */
export const canVisit = (): boolean => needed.every(has);

export class ServedApp implements Disposable {
  readonly login: Login;
  readonly #keys: KeyRing;
  readonly #stop: () => void;
  #screens: Screen[] = [];
  #homes = 0;

  private constructor(keys: KeyRing, port: number, stop: () => void) {
    this.#keys = keys;
    this.#stop = stop;
    this.login = makeLogin({ ...keys, host: '127.0.0.1', port, close: async () => undefined });
  }

  /** A program of examples/terminal, built first if need be. */
  static async example(name: string, environment: Readonly<Record<string, string>> = {}): Promise<ServedApp> {
    build();
    const keys = makeKeyRing();
    const program = fileURLToPath(new URL(`../../dist/examples/terminal/${name}.js`, import.meta.url));
    const server = spawn(process.execPath, [program, keys.hostKeyFile, `${keys.keyFile}.pub`], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...environment },
    });
    const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
    return new ServedApp(keys, Number(/\d+$/.exec(line)?.[0]), () => server.kill('SIGKILL'));
  }

  /** An app of the test's own, in its process. */
  static async of(app: () => ITerminalProtocol, onEvent: (event: ServerEvent) => void): Promise<ServedApp> {
    const keys = makeKeyRing();
    const authorized = Buffer.from(readFileSync(`${keys.keyFile}.pub`, 'utf8').split(' ')[1] ?? '', 'base64');
    const server = await listen(
      {
        listen: [{ host: '127.0.0.1', port: 0 }],
        hostKeys: [await loadHostKey(keys.hostKeyFile)],
        authorize: (_user, key) => authorized.equals(key.blob),
        onEvent,
      },
      terminalApp(app),
    );
    return new ServedApp(keys, server.addresses[0]!.port, () => server.abort());
  }

  /** Somebody logs in, in a terminal of 100 columns and 30 rows. */
  visit(): Screen {
    const home = join(this.login.home, `terminal-${(this.#homes += 1)}`);
    mkdirSync(home);
    const screen = new Screen({ file: 'ssh', args: [...sshOptions(this.login), this.login.host] }, home);
    this.#screens.push(screen);
    return screen;
  }

  /** Somebody logs in as `user`, at a terminal whose screen can be drawn. */
  sit(user: string, size: { readonly columns: number; readonly rows: number }): Seat {
    const login = { ...this.login, user };
    return new Seat({ file: '/usr/bin/ssh', args: [...sshOptions(login), login.host] }, login.home, size);
  }

  /** Everybody leaves. */
  clear(): void {
    for (const screen of this.#screens) screen[Symbol.dispose]();
    this.#screens = [];
  }

  [Symbol.dispose](): void {
    this.clear();
    this.#stop();
    this.login.remove();
    this.#keys.remove();
  }
}
