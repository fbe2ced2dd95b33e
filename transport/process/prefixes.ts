/**
 * Commands to start programs through: limits, a cgroup of their own, another root, a sandbox, a container.
 *
 * Each answers an array for `Program.prefix`; several are joined in the order in which they are to run. No text is ever
 * parsed by a shell. What is not installed is told when the program is started.
 * Facts: prlimit(1), systemd-run(1), chroot(1), bwrap(1); docker exec and podman exec.
 */
import { ConfigError } from '../errors.ts';

/** Limits by the names of prlimit(1)'s options; a number for both, or soft and hard. */
export type ResourceLimits = Readonly<Partial<Record<ResourceName, Limit | readonly [soft: Limit, hard: Limit]>>>;
type Limit = number | 'unlimited';

const resourceNames = [
  ...([
    'as',
    'core',
    'cpu',
    'data',
    'fsize',
    'locks',
    'memlock',
    'msgqueue',
    'nice',
    'nofile',
    'nproc',
    'rss',
  ] as const),
  ...(['rtprio', 'rttime', 'sigpending', 'stack'] as const),
];
type ResourceName = (typeof resourceNames)[number];

/** For `beforeSwitch`: setrlimit(2). Only root can raise hard limits. Throws ConfigError for what is no limit. */
export function resourceLimits(limits: ResourceLimits): readonly string[] {
  const unknown = Object.keys(limits).find(name => !resourceNames.some(known => known === name));
  if (unknown !== undefined) throw new ConfigError(`limits.${unknown}`, `is none of ${resourceNames.join(', ')}`);
  const words = resourceNames.flatMap(name => {
    const limit = limits[name];
    if (limit === undefined) return [];
    const [soft, hard] = typeof limit === 'object' ? limit : [limit, limit];
    return [`--${name}=${limitText(name, soft)}:${limitText(name, hard)}`];
  });
  return ['/usr/bin/prlimit', ...words, '--'];
}

/**
 * For `beforeSwitch`: a scope unit, so a cgroup, of its own. `properties` as systemd-run's -p, e.g. `{ MemoryMax: '1G' }`.
 * Everything that the program starts is in it; what is left when it ends is systemd's to handle.
 */
export const systemdScope = (properties: Readonly<Record<string, string>> = {}): readonly string[] => [
  ...['/usr/bin/systemd-run', '--scope', '--quiet', '--collect'],
  ...Object.entries(properties).map(([name, value]) => `--property=${name}=${value}`),
  '--',
];

/**
 * For `beforeSwitch`: another root directory. It must hold a shell at /bin/bash, or at /bin/sh, setpriv(1) or chroot(1),
 * /dev/null, and /proc, from which the launcher reads whom it has become; for the modes of a terminal stty(1), for its
 * name tty(1).
 */
export const rootDirectory = (path: string): readonly string[] => ['/usr/sbin/chroot', path];

/** For `afterSwitch`: a sandbox; `args` as bwrap(1) takes them, e.g. `['--ro-bind', '/', '/', '--unshare-net']`. */
export const bubblewrap = (args: readonly string[]): readonly string[] => [
  '/usr/bin/bwrap',
  '--die-with-parent',
  ...args,
  '--',
];

/** For `afterSwitch`: a running container. `terminal` when the program has one. The file is one inside the container. */
export const container = (
  name: string,
  { engine = '/usr/bin/podman', terminal = false }: { readonly engine?: string; readonly terminal?: boolean } = {},
): readonly string[] => {
  if (!/^[A-Za-z0-9][\w.-]*$/.test(name)) throw new ConfigError('container', `"${name}" is no name of a container`);
  return [engine, 'exec', '--interactive', ...(terminal ? ['--tty'] : []), name];
};

function limitText(name: string, limit: Limit): string {
  if (limit === 'unlimited' || (Number.isSafeInteger(limit) && limit >= 0)) return String(limit);
  throw new ConfigError(`limits.${name}`, `must be a whole number of at least 0, or 'unlimited', got ${limit}`);
}
