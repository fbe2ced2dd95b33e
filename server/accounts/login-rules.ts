/**
 * Which of the machine's users may log in: sshd's DenyUsers, AllowUsers, DenyGroups and AllowGroups, in that order, and
 * shells that are for people.
 *
 * Patterns have `*` and `?`; a user's may end in `@` and an address, also with `*` and `?`, or a network. Names of hosts
 * are not looked up. Facts: sshd_config(5), ssh_config(5) PATTERNS; getusershell(3); OpenSSH auth.c, allowed_user.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Address } from '../../transport/address.ts';
import { ConfigError } from '../../transport/errors.ts';
import { NetworkList } from '../admission/networks.ts';
import type { SystemUser } from './user-database.ts';

export interface LoginRules {
  /** If there are any, only these. @default [] */
  readonly allowUsers: readonly string[];
  readonly denyUsers: readonly string[];
  /** If there are any, only members of these. @default [] */
  readonly allowGroups: readonly string[];
  readonly denyGroups: readonly string[];
  /** @default false */
  readonly permitRootLogin: boolean;
}

/** Why `user` may not log in from `peer`; undefined if they may. */
export type Judge = (user: SystemUser, peer: Address) => string | undefined;

/** Throws ConfigError for a pattern that cannot be understood. */
export function loginRules(rules: LoginRules, shells = readShells): Judge {
  const users = (name: 'allowUsers' | 'denyUsers') =>
    rules[name].map((text, at) => userPattern(`${name}[${at}]`, text));
  const groups = (name: 'allowGroups' | 'denyGroups') => rules[name].map(wildcard);
  const [denyUsers, allowUsers] = [users('denyUsers'), users('allowUsers')];
  const [denyGroups, allowGroups] = [groups('denyGroups'), groups('allowGroups')];
  const isIn = ({ groupNames }: SystemUser, patterns: readonly Pattern[]): boolean =>
    patterns.some(pattern => groupNames.some(name => pattern(name)));
  const checks: ReadonlyArray<[refuses: (user: SystemUser, peer: Address) => boolean, why: string]> = [
    [({ identity }) => identity.uid === 0 && !rules.permitRootLogin, 'root may not log in (permitRootLogin)'],
    [({ isLocked }) => isLocked, 'the account is locked or its time is over'],
    [({ shell }) => !isForPeople(shell, shells()), 'the shell is not one of /etc/shells'],
    [(user, peer) => denyUsers.some(matches => matches(user.name, peer)), 'denyUsers names the user'],
    [
      (user, peer) => allowUsers.length > 0 && !allowUsers.some(matches => matches(user.name, peer)),
      'allowUsers does not name the user',
    ],
    [user => isIn(user, denyGroups), 'denyGroups names a group of the user'],
    [user => allowGroups.length > 0 && !isIn(user, allowGroups), 'allowGroups names no group of the user'],
  ];
  return (user, peer) => checks.find(([refuses]) => refuses(user, peer))?.[1];
}

/** Some machines list these among the shells. */
const notForPeople: ReadonlySet<string> = new Set(['nologin', 'false', 'true', 'sync', 'halt', 'shutdown']);

const isForPeople = (shell: string, shells: readonly string[]): boolean =>
  shells.includes(shell) && !notForPeople.has(basename(shell));

/** shells(5), read anew each time. Without the file there are two, as getusershell(3) has it. */
function readShells(): readonly string[] {
  try {
    const lines = readFileSync('/etc/shells', 'utf8').split('\n');
    return lines.map(line => line.replace(/#.*/, '').trim()).filter(line => line.startsWith('/'));
  } catch {
    return ['/bin/sh', '/bin/csh'];
  }
}

type Pattern = (text: string) => boolean;

/**
 * A pattern is for whole names. The last `*` is the only one that ever has to take more, so time grows with the product
 * of both lengths and no faster.
 */
const wildcard =
  (pattern: string): Pattern =>
  text => {
    let [at, star, taken] = [0, -1, 0];
    for (let place = 0; place < text.length;) {
      if (pattern[at] === '*') {
        [star, taken] = [at, place];
        at += 1;
      } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[place])) {
        [at, place] = [at + 1, place + 1];
      } else if (star >= 0) {
        taken += 1;
        [at, place] = [star + 1, taken];
      } else return false;
    }
    return /^\**$/.test(pattern.slice(at));
  };

function userPattern(option: string, text: string): (name: string, peer: Address) => boolean {
  const at = text.lastIndexOf('@');
  const user = wildcard(at < 0 ? text : text.slice(0, at));
  if (at < 0) return name => user(name);
  const from = addressPattern(option, text.slice(at + 1));
  return (name, peer) => user(name) && peer.kind === 'tcp' && from(peer.host);
}

function addressPattern(option: string, text: string): Pattern {
  if (!/^[0-9A-Fa-f.:*?/]+$/.test(text)) {
    throw new ConfigError(option, `'${text}' is not an address, such as 192.0.2.0/24 or 192.0.2.*`);
  }
  if (/[*?]/.test(text)) {
    return wildcard(text);
  }
  const networks = new NetworkList(option, [text]);
  return host => networks.has(host);
}
