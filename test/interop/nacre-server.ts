/** Starts nacre as a child process on a free port: the `nacre` command, or a server made with the library. Both from dist/. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from './build.ts';
import { makeKeyRing, type KeyRing, type RunningServer } from './running-server.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Before the program: its user has an empty home. */
const atHome = ['--import', new URL('home-of-its-own.js', import.meta.url).href];

/** `nacre serve`, as it is installed. */
export const startServer = (): Promise<RunningServer> =>
  start(keys => [
    ...[...atHome, path('../../dist/bin/nacre.js')],
    ...['serve', '--log', 'json', '--listen', '127.0.0.1:0'],
    ...['--host-key', keys.hostKeyFile, '--authorized-keys', keys.authorizedKeysFile],
  ]);

/** `nacre serve` with a configuration file; the client has the only key, and where it may log in is for the test to say. */
export const startConfiguredServer = (configuration: string): Promise<RunningServer> =>
  start(keys => {
    const file = join(keys.dir, 'nacre.yaml');
    writeFileSync(file, configuration);
    return [
      path('../../dist/bin/nacre.js'),
      ...['serve', '--log', 'json', '--listen', '127.0.0.1:0', '--host-key', keys.hostKeyFile, '--config', file],
    ];
  });

/** A server made with the library, as library-server.js tells; its event loop is kept busy so many milliseconds at a time. */
export const startLibraryServer = (
  options: { algorithms?: string; busy?: number; software?: string } = {},
): Promise<RunningServer> => {
  const { algorithms = 'modern', busy = 0, software = '' } = options;
  return start(keys => [
    path('library-server.js'),
    ...[keys.hostKeyFile, keys.authorizedKeysFile, keys.dir, algorithms, String(busy), software],
  ]);
};

async function start(argumentsFor: (keys: KeyRing) => string[]): Promise<RunningServer> {
  build();
  const keys = makeKeyRing();
  const child = spawn(process.execPath, argumentsFor(keys), {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: keys.dir,
    env: { ...process.env, NACRE_TEST_HOME: keys.home },
  });
  const exited = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const first = await Promise.race([once(lines, 'line'), exited]);
  lines.on('line', () => undefined);
  const { host, port } = listening(String(first[0]));
  // Should nobody close it, because a test gave up before it had started, then it ends with this process.
  child.unref();
  if (child.stdout instanceof Socket) child.stdout.unref();
  process.once('exit', () => child.kill('SIGKILL'));

  const close = async (): Promise<void> => {
    child.ref();
    child.kill('SIGKILL');
    await exited;
    keys.remove();
  };
  return { host, port, user: keys.user, keyFile: keys.keyFile, hostKeyLine: keys.hostKeyLine, close };
}

/** The promise of `--log json`: the first line says where. */
function listening(line: string): { host: string; port: number } {
  const said = JSON.parse(line) as { event?: unknown; host?: unknown; port?: unknown };
  if (said.event === 'listening' && typeof said.host === 'string' && typeof said.port === 'number') {
    return { host: said.host, port: said.port };
  }
  throw new Error(`the first line of the log was not "listening": ${line}`);
}
