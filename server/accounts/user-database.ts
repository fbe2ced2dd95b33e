/**
 * Users of the machine, as getent(1) and id(1) tell: from files, LDAP or whatever nsswitch.conf(5) names.
 *
 * Each look-up runs the same programs whether the user exists or not, and never gives them a name that is a number or
 * an option. A line that is not understood completely is no user.
 * Facts: passwd(5), shadow(5), initgroups(3); sshd auth.c, allowed_user, without PAM.
 */
import type { Identity } from '../../transport/process/identity.ts';
import type { ProgramRunner } from '../../transport/process/runner.ts';
import { capturedOutput } from './captured-output.ts';

export interface SystemUser {
  readonly name: string;
  readonly identity: Identity;
  readonly home: string;
  readonly shell: string;
  /** Names of all groups. */
  readonly groupNames: readonly string[];
  /** The password is locked (`!`, passwd(1) -l), or the account's time is over (shadow(5)). */
  readonly isLocked: boolean;
}

/** useradd(8), and what directories add to it. getent and id would take a number for an id. */
const soundName = /^[A-Za-z_][A-Za-z0-9_.@+-]{0,254}\$?$/;

/** Looked up in place of a name that cannot be one. */
const nobody = 'nacre.no.such.user';

/** Undefined if there is none. Rejects if the programs cannot be run. */
export async function findUser(
  name: string,
  programs: ProgramRunner,
  now = Date.now(),
): Promise<SystemUser | undefined> {
  const asked = soundName.test(name) ? name : nobody;
  const [passwd, shadow, ids, names] = await Promise.all([
    capturedOutput(programs, '/usr/bin/getent', ['passwd', asked]),
    capturedOutput(programs, '/usr/bin/getent', ['shadow', asked]),
    capturedOutput(programs, '/usr/bin/id', ['-G', asked]),
    capturedOutput(programs, '/usr/bin/id', ['-Gnz', asked]),
  ]);
  const entry = parsePasswd(passwd ?? '');
  const groups = (ids ?? '').trim().split(' ').map(readId);
  if (entry?.name !== name || names === undefined || groups.includes(undefined)) return undefined;
  const { uid, gid, ...rest } = entry;
  return {
    ...rest,
    identity: { uid, gid, groups: groups.filter(id => id !== undefined) },
    groupNames: names.split('\0').filter(Boolean),
    isLocked: isLocked(shadow ?? '', now),
  };
}

/** One line of passwd(5): name, password, uid, gid, comment, home, shell. */
export function parsePasswd(
  text: string,
):
  | { readonly name: string; readonly uid: number; readonly gid: number; readonly home: string; readonly shell: string }
  | undefined {
  const fields = text.replace(/\n$/, '').split(':');
  const [name = '', , uidText = '', gidText = '', , home = '', shell = ''] = fields;
  const uid = readId(uidText);
  const gid = readId(gidText);
  const isSound = fields.length === 7 && name !== '' && home.startsWith('/') && !text.trimEnd().includes('\n');
  if (!isSound || uid === undefined || gid === undefined) return undefined;
  return { name, uid, gid, home, shell: shell === '' ? '/bin/sh' : shell };
}

const DAY = 24 * 60 * 60 * 1000;

/** One line of shadow(5): the second field is the password, the eighth the day since 1970 on which the account ends. */
export function isLocked(text: string, now: number): boolean {
  const [, password = '', , , , , , expires = ''] = text.trim().split(':');
  return password.startsWith('!') || (/^\d+$/.test(expires) && now >= Number(expires) * DAY);
}

const readId = (text: string): number | undefined => (/^\d{1,10}$/.test(text) ? Number(text) : undefined);
