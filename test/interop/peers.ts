/**
 * The SSH clients that a Debian machine has, one row each: where it comes from, how to call it, what it can tell.
 *
 * Each is given the host key and the login key by its own means. What a client cannot do is a fact about that client,
 * written in its row, and never an exception in a test.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { canBuildLibssh, libsshClient } from './libssh.ts';
import { convertKey, type Login } from './login.ts';
import type { Needed } from './missing.ts';
import { newer, newerProgram } from './newer-peers.ts';
import type { Invocation, Outcome } from './run.ts';

export type Peer = Needed & {
  /** The algorithm profile of ours that it needs. */
  readonly algorithms: 'modern' | 'compatible';
  /** Done once per login, before the first call. */
  readonly prepare?: (login: Login) => void;
  /** Run `command`, without a terminal. */
  readonly exec: (login: Login, command: string) => Invocation;
  /** A login shell on a terminal; what the person types comes from standard input. */
  readonly shell: (login: Login) => Invocation;
  /** Goes on listening after the end of its own standard input. */
  readonly outlivesStdin: boolean;
  /** What the client makes of a command that SIGTERM ended. */
  readonly tellsSigterm: (outcome: Outcome) => unknown;
  readonly sigterm: unknown;
};

export const python = '/usr/bin/python3';
const script = (name: string): string => fileURLToPath(new URL(`python/${name}`, import.meta.url));

const inPath = (program: string) => (): boolean =>
  ['/usr/bin/', '/usr/local/bin/', '/bin/'].some(dir => existsSync(dir + program));

const hasModule = (module: string) => (): boolean => {
  try {
    execFileSync(python, ['-W', 'ignore', '-c', `import ${module}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** What our own small clients are called with. */
const ownArguments = (mode: string, login: Login, command: readonly string[]): string[] => [
  ...[mode, login.host, login.port, login.user, login.keyFile, login.knownHostsFile],
  ...command,
];

const pythonClient =
  (file: string) =>
  (mode: string, login: Login, ...command: string[]): Invocation => ({
    file: python,
    args: ['-W', 'ignore', script(file), ...ownArguments(mode, login, command)],
  });

const libssh = (mode: string, login: Login, ...command: string[]): Invocation => ({
  file: libsshClient(),
  args: ownArguments(mode, login, command),
});

/** Options of every ssh that we start: nothing from the machine's own settings, and no questions. */
export const sshOptions = (login: Login): string[] => [
  ...['-F', '/dev/null', '-p', login.port, '-l', login.user, '-i', login.keyFile],
  ...['-o', 'BatchMode=yes', '-o', 'IdentitiesOnly=yes', '-o', 'StrictHostKeyChecking=yes', '-o', 'LogLevel=ERROR'],
  ...['-o', `UserKnownHostsFile=${login.knownHostsFile}`, '-o', 'GlobalKnownHostsFile=/dev/null'],
];

const dbclient = (file: string, ...options: string[]) => ({
  prepare: convertKey.dropbear,
  exec: (login: Login, command: string): Invocation => ({ file, args: [...options, ...toDbclient(login), command] }),
  shell: (login: Login): Invocation => onTerminal({ file, args: [...options, ...toDbclient(login)] }),
});
const toDbclient = (login: Login): string[] => [
  ...['-p', login.port, '-l', login.user, '-i', login.dropbearKeyFile, login.host],
];

const plink = (login: Login): string[] => [
  ...[
    '-ssh',
    '-batch',
    '-noagent',
    '-P',
    login.port,
    '-l',
    login.user,
    '-i',
    login.puttyKeyFile,
    '-hostkey',
    login.fingerprint,
  ],
];

const conch = (login: Login): string[] => [
  ...[
    '-W',
    'ignore',
    '/usr/bin/conch3',
    '-a',
    '-p',
    login.port,
    '-l',
    login.user,
    '-i',
    login.keyFile,
    '--known-hosts',
    login.knownHostsFile,
  ],
  ...['--host-key-algorithms', 'ssh-ed25519'],
];

/**
 * With its output in a file until it has ended: conch drops what its standard output has not taken 0.1 s after the end of
 * its channel (`stopConnection`), as when the reader of a pipe is kept from running for so long. Files take all at once.
 */
const throughFile = ({ file, args }: Invocation): Invocation => ({
  file: 'sh',
  args: ['-c', 'out=$(mktemp -p .); "$@" >"$out"; code=$?; cat "$out"; exit $code', 'sh', file, ...args],
});

const paramiko = pythonClient('paramiko_client.py');
const asyncssh = pythonClient('asyncssh_client.py');

/** For clients that will not open a terminal unless they have one themselves. No argument of ours needs quotes. */
const onTerminal = ({ file, args }: Invocation): Invocation => ({
  file: 'script',
  args: ['-qec', [file, ...args].join(' '), '/dev/null'],
});

const saidOnStderr = (outcome: Outcome): unknown => outcome.stderr.toString().trim();
const exitCode = (outcome: Outcome): unknown => outcome.code;

export const peers: readonly Peer[] = [
  {
    name: 'OpenSSH ssh',
    packages: 'openssh-client',
    algorithms: 'modern',
    isInstalled: inPath('ssh'),
    exec: (login, command) => ({ file: 'ssh', args: [...sshOptions(login), login.host, command] }),
    shell: login => ({ file: 'ssh', args: ['-tt', ...sshOptions(login), login.host] }),
    outlivesStdin: true,
    tellsSigterm: exitCode,
    sigterm: 255, // its word for "no exit status came"
  },
  {
    name: 'Dropbear dbclient',
    packages: 'dropbear-bin',
    algorithms: 'modern',
    isInstalled: inPath('dbclient'),
    ...dbclient('dbclient'),
    outlivesStdin: true,
    tellsSigterm: exitCode,
    sigterm: 0, // dbclient does not read "exit-signal"
  },
  {
    name: 'PuTTY plink',
    packages: 'putty-tools',
    algorithms: 'modern',
    isInstalled: () => inPath('plink')() && inPath('puttygen')(),
    prepare: convertKey.putty,
    exec: (login, command) => ({ file: 'plink', args: [...plink(login), login.host, command] }),
    shell: login => ({ file: 'plink', args: ['-t', ...plink(login), login.host] }),
    outlivesStdin: true,
    tellsSigterm: exitCode,
    sigterm: 128, // the number is added only for signals that PuTTY was built to know
  },
  {
    name: 'paramiko',
    packages: 'python3-paramiko',
    algorithms: 'modern',
    isInstalled: hasModule('paramiko'),
    exec: (login, command) => paramiko('exec', login, command),
    shell: login => paramiko('shell', login),
    outlivesStdin: true,
    tellsSigterm: exitCode,
    sigterm: 255, // recv_exit_status() is -1: paramiko does not read "exit-signal"
  },
  {
    name: 'asyncssh',
    packages: 'python3-asyncssh',
    algorithms: 'modern',
    isInstalled: hasModule('asyncssh'),
    exec: (login, command) => asyncssh('exec', login, command),
    shell: login => asyncssh('shell', login),
    outlivesStdin: true,
    tellsSigterm: saidOnStderr,
    sigterm: 'signal TERM',
  },
  {
    name: 'libssh',
    packages: 'gcc libc6-dev libssh-dev',
    algorithms: 'modern',
    isInstalled: canBuildLibssh,
    exec: (login, command) => libssh('exec', login, command),
    shell: login => libssh('shell', login),
    outlivesStdin: true,
    tellsSigterm: saidOnStderr,
    sigterm: 'signal TERM',
  },
  {
    name: 'Twisted conch',
    packages: 'python3-twisted python3-bcrypt python3-pyasn1 python3-appdirs',
    algorithms: 'compatible', // no AEAD cipher and no encrypt-then-MAC
    isInstalled: () => existsSync('/usr/bin/conch3'),
    exec: (login, command) => throughFile({ file: python, args: [...conch(login), login.host, command] }),
    shell: login => onTerminal({ file: python, args: [...conch(login), login.host] }),
    outlivesStdin: false, // closes its standard output with it, and what the command says after that is lost
    tellsSigterm: exitCode,
    sigterm: 0, // conch does not read "exit-signal"
  },
];

/**
 * Dropbear's client with a post-quantum key exchange.
 *
 * 2025.89 looks for the end of its last channel before it writes what it holds for its standard output: if CLOSE came
 * while it held any, it then waits for whatever wakes it next, under load once in fifty times, with every server
 * (sshd, too). Its own keep-alive, in seconds, wakes it.
 */
export const newerDbclient: Peer = {
  ...newer('Dropbear ≥ 2025.87', 'dbclient'),
  algorithms: 'modern',
  ...dbclient(newerProgram('dbclient'), '-K', '3'),
  outlivesStdin: true,
  tellsSigterm: exitCode,
  sigterm: 0,
};
