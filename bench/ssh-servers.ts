/**
 * The servers that are measured beside each other: nacre and those of the field, each as its own documentation runs it,
 * with the same keys, the same shell and the same ciphers where it has them.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { homedir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { hasNativePrograms } from '../transport/index.ts';
import { sshdSettings } from './sshd-settings.ts';

export const GCM = 'aes128-gcm@openssh.com';
export const CHACHA = 'chacha20-poly1305@openssh.com';
export const CTR = 'aes128-ctr';

export interface ServerKind {
  readonly name: string;
  readonly ciphers: readonly string[];
  /** How to get it, for people who do not have it. */
  readonly remedy: string;
  readonly isInstalled: () => boolean;
  readonly version: () => string;
  readonly command: (keys: Keys, port: number) => readonly [file: string, ...args: string[]];
}

export interface RunningServer {
  readonly kind: ServerKind;
  readonly port: number;
  readonly pid: number;
  readonly keys: Keys;
}

interface Keys {
  readonly dir: string;
  readonly hostKey: string;
  readonly dropbearHostKey: string;
  readonly userKey: string;
  readonly authorizedKeys: string;
}

const python = '/usr/bin/python3';
const newer = join(homedir(), '.cache', 'nacre-interop', 'bin', 'dropbear');
const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
/** Python files are not compiled: they are where they were written. */
const source = (file: string): string => here(`../../bench/${file}`);
const say = (file: string, ...args: string[]): string =>
  execFileSync('/bin/sh', ['-c', '"$@" 2>&1 || :', 'sh', file, ...args], { encoding: 'utf8' });
const pythonVersion = (module: string): string =>
  say(python, '-W', 'ignore', '-c', `import ${module}; print(${module}.__version__)`).trim();
const hasModule = (module: string) => (): boolean => /^\d/.test(pythonVersion(module));

/** nacre, with `mib` more on its heap; `native`: all programs by the addon. */
export function nacreKind(name: string, programs: 'host' | 'direct' | 'native', mib: number): ServerKind {
  return {
    name,
    ciphers: [GCM, CHACHA, CTR],
    remedy: programs === 'native' ? 'npm run build:native' : 'npm run build',
    isInstalled: () => programs !== 'native' || hasNativePrograms(),
    version: () => `Node ${process.version}`,
    command: ({ hostKey, authorizedKeys }, port) => [
      ...([process.execPath, '--max-old-space-size=4096'] as const),
      ...(programs === 'native' ? [] : ['--conditions=without-native']),
      ...[here('nacre-server.js'), hostKey, authorizedKeys, String(port), programs, String(mib)],
    ],
  };
}

export const kinds: readonly ServerKind[] = [
  nacreKind('nacre', hasNativePrograms() ? 'native' : 'host', 0),
  {
    name: 'sshd',
    ciphers: [GCM, CHACHA, CTR],
    remedy: 'apt-get install openssh-server',
    isInstalled: () => existsSync('/usr/sbin/sshd'),
    version: () => /OpenSSH_\S+/.exec(say('ssh', '-V'))?.[0] ?? '',
    command: ({ dir }, port) => ['/usr/sbin/sshd', '-D', '-f', join(dir, 'sshd_config'), '-p', String(port)],
  },
  {
    name: 'Dropbear',
    ciphers: [CHACHA],
    remedy: '.ci/newer-peers',
    isInstalled: () => existsSync(newer),
    version: () => say(newer, '-V').trim().replace('Dropbear v', ''),
    command: ({ dir, dropbearHostKey }, port) => [
      ...([newer, '-F', '-r', dropbearHostKey, '-D', dir, '-s', '-m'] as const),
      ...['-p', `127.0.0.1:${port}`, '-P', join(dir, 'dropbear.pid')],
    ],
  },
  {
    name: 'Conch',
    ciphers: [CTR],
    remedy: 'apt-get install python3-twisted python3-bcrypt python3-pyasn1 python3-appdirs',
    isInstalled: hasModule('twisted'),
    version: () => `Twisted ${pythonVersion('twisted')}`,
    command: ({ hostKey, authorizedKeys }, port) => [
      ...([python, '-W', 'ignore', source('conch-server.py')] as const),
      ...[hostKey, authorizedKeys, String(port), userInfo().username],
    ],
  },
  {
    name: 'asyncssh',
    ciphers: [GCM, CHACHA, CTR],
    remedy: 'apt-get install python3-asyncssh',
    isInstalled: hasModule('asyncssh'),
    version: () => pythonVersion('asyncssh'),
    command: ({ hostKey, authorizedKeys }, port) => [
      ...([python, '-W', 'ignore', source('asyncssh-server.py')] as const),
      ...[hostKey, authorizedKeys, String(port), userInfo().shell ?? '/bin/sh'],
    ],
  },
];

/** Keys for one run, and the files that servers want them in; gone when the process ends. */
export function makeKeys(): Keys {
  // Dropbear takes no keys from below a directory that anybody may write to.
  const cache = join(homedir(), '.cache');
  mkdirSync(cache, { recursive: true });
  const dir = mkdtempSync(join(cache, 'nacre-bench-'));
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  const file = (name: string): string => join(dir, name);
  for (const key of ['host_key', 'user_key']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'bench', '-f', file(key)]);
  }
  copyFileSync(file('user_key.pub'), file('authorized_keys'));
  if (existsSync('/usr/bin/dropbearconvert')) {
    execFileSync('dropbearconvert', ['openssh', 'dropbear', file('host_key'), file('dropbear_key')], {
      stdio: 'ignore',
    });
  }
  writeFileSync(file('sshd_config'), sshdConfiguration(file));
  const keys = { hostKey: file('host_key'), dropbearHostKey: file('dropbear_key'), userKey: file('user_key') };
  return { dir, ...keys, authorizedKeys: file('authorized_keys') };
}

/**
 * What a shell does when it starts is not what is measured: for root, each server sees empty files in place of the
 * person's own. Others have theirs in the figures.
 */
const neutral =
  process.getuid?.() === 0
    ? `exec unshare --mount sh -c '
       for file in .bashrc .profile .bash_profile .bash_login; do
         [ ! -e ~/$file ] || mount --bind /dev/null ~/$file
       done
       exec "$@"' sh "$@"`
    : 'exec "$@"';

/** Start one, and wait until it accepts connections. It is ended with this process. */
export async function start(kind: ServerKind, keys: Keys): Promise<RunningServer> {
  const port = await freePort();
  const [file, ...args] = kind.command(keys, port);
  if (kind.name === 'sshd') mkdirSync('/run/sshd', { recursive: true });
  const child = spawn('/bin/sh', ['-c', neutral, 'sh', file, ...args], { stdio: 'ignore' });
  endsWithUs(child);
  await accepting(kind, child, port);
  if (child.pid === undefined) throw new Error(`${kind.name} did not start`);
  return { kind, port, pid: child.pid, keys };
}

const children = new Set<ChildProcess>();
process.once('exit', () => children.forEach(child => child.kill('SIGKILL')));

/** Nothing that was started for the bench is left when it ends, however it ends. */
export function endsWithUs(child: ChildProcess): void {
  children.add(child);
  child.once('exit', () => children.delete(child));
}

async function accepting({ name }: ServerKind, child: ChildProcess, port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    const socket = connect({ host: '127.0.0.1', port });
    const open = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (open) return;
    await sleep(50);
  }
  throw new Error(`${name} does not listen`);
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, 'close');
  return port;
}

const sshdConfiguration = (file: (name: string) => string): string => `
ListenAddress 127.0.0.1
HostKey ${file('host_key')}
AuthorizedKeysFile ${file('authorized_keys')}
${sshdSettings}
MaxStartups 1000
MaxSessions 1000
`;
