/**
 * Whom a program runs as, and the command that makes it so.
 *
 * Nothing is looked up by name and nothing is kept: user, group and supplementary groups are all given as numbers, and
 * the program has exactly those, whatever the server has. Only root can do that, so everybody else is refused before
 * anything starts. A step that fails ends the command, and the program does not run.
 * Facts: setpriv(1) of util-linux 2.38, chroot(1) of coreutils 9.1; node-pty and Node leave out setgroups or drop all.
 */
import { existsSync } from 'node:fs';
import { SpawnError } from '../errors.ts';

/** Numbers from the system's user database: passwd(5), initgroups(3). */
export interface Identity {
  readonly uid: number;
  /** Primary group. */
  readonly gid: number;
  /** All groups besides the primary one, which may be among them. */
  readonly groups: readonly number[];
}

interface Switcher {
  readonly file: string;
  readonly args: (identity: Identity) => readonly string[];
}

/** The first that exists is used. Both set groups first, then group, then user, and run nothing if one fails. */
export const switchers: readonly Switcher[] = [
  {
    file: '/usr/bin/setpriv',
    args: ({ uid, gid, groups }) => [
      ...[`--reuid=${uid}`, `--regid=${gid}`, `--inh-caps=-all`],
      groups.length > 0 ? `--groups=${groups.join(',')}` : '--clear-groups',
      '--',
    ],
  },
  { file: '/usr/sbin/chroot', args: sameRoot },
  { file: '/usr/bin/chroot', args: sameRoot },
];

function sameRoot({ uid, gid, groups }: Identity): readonly string[] {
  return [`--userspec=+${uid}:+${gid}`, `--groups=${groups.map(id => `+${id}`).join(',')}`, '/'];
}

/** The largest number that is an id: the one above means "leave it as it is" (setreuid(2)). */
const LARGEST_ID = 0xffff_fffe;

/** Throws SpawnError if this process cannot give a program that identity. */
export function checkIdentity({ uid, gid, groups }: Identity): void {
  const wrong = [uid, gid, ...groups].find(id => !Number.isInteger(id) || id < 0 || id > LARGEST_ID);
  if (wrong !== undefined) throw new SpawnError(`ids of users and groups are whole numbers from 0, got ${wrong}`);
  if (process.geteuid?.() === 0) return;
  throw new SpawnError(`only root can start programs as user ${uid}; without root, only the serving user's can be run`);
}

/** What to put before a command so that it runs as `identity`. Throws SpawnError if the machine has no means. */
export function switchTo(
  identity: Identity,
  switcher = switchers.find(({ file }) => existsSync(file)),
): readonly string[] {
  if (!switcher) {
    throw new SpawnError(`cannot change users without ${switchers.map(({ file }) => file).join(' or ')}`);
  }
  return [switcher.file, ...switcher.args({ ...identity, groups: sorted(identity) })];
}

/** As the kernel tells them in the lines Uid, Gid and Groups of /proc/PID/status (proc(5)): what the launcher checks. */
export function identityText(identity: Identity): string {
  const { uid, gid } = identity;
  return [`Uid: ${fourTimes(uid)}`, `Gid: ${fourTimes(gid)}`, ['Groups:', ...sorted(identity)].join(' ')].join('\n');
}

const fourTimes = (id: number): string => Array(4).fill(id).join(' ');

const sorted = ({ groups }: Identity): readonly number[] => [...new Set(groups)].sort((a, b) => a - b);
