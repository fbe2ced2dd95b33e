/**
 * The `ssh …` line a person can paste into another terminal, and the known_hosts file that lets it ask no question.
 *
 * Facts: ssh(1), ssh_config(5) IdentityFile and UserKnownHostsFile (`%` begins a token; blanks separate files unless
 * quoted), sshd(8) SSH_KNOWN_HOSTS FILE FORMAT (a port other than 22 is written `[host]:port`).
 */
import type { PublicKey } from '../keys/index.ts';
import type { ListenAddress } from './listen-address.ts';

export interface SshLine {
  readonly user: string;
  readonly address: ListenAddress;
  /** An absolute path. */
  readonly knownHostsFile: string;
  /** Use this private key; `only` keeps ssh from trying others first, of which a server allows few. */
  readonly identity?: { readonly file: string; readonly only: boolean } | undefined;
}

/** The words of the command, quoted for a POSIX shell. */
export function sshLine({ user, address, knownHostsFile, identity }: SshLine): string {
  const words = ['ssh', '-p', String(address.port)];
  if (identity) words.push(...identityWords(identity.file));
  if (identity?.only) words.push('-o', 'IdentitiesOnly=yes');
  words.push('-o', `UserKnownHostsFile=${optionPath(knownHostsFile)}`);
  return [...words, `${user}@${reachableHost(address.host)}`].map(shellQuote).join(' ');
}

/** The server's line in a known_hosts file, without a newline. */
export const knownHostsLine = (address: ListenAddress, key: PublicKey): string =>
  `${knownHostsName(address)} ${key.type} ${Buffer.from(key.blob).toString('base64')}`;

/** `text` with the lines for `address` replaced by `line`. */
export function withKnownHost(text: string, address: ListenAddress, line: string): string {
  const others = text.split('\n').filter(other => other !== '' && other.split(' ')[0] !== knownHostsName(address));
  return [...others, line, ''].join('\n');
}

function knownHostsName({ host, port }: ListenAddress): string {
  const name = reachableHost(host);
  return port === 22 ? name : `[${name}]:${port}`;
}

/** "Every address" is nowhere to connect to. */
const reachable: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };
const reachableHost = (host: string): string => reachable[host] ?? host;

/** ssh looks for the file of `-i` as it is written, and then expands its `%`: a path with one only works as an option. */
const identityWords = (file: string): string[] =>
  file.includes('%') ? ['-o', `IdentityFile=${optionPath(file)}`] : ['-i', file];

/** A path as the value of an option: `%` begins a token, a blank another file. */
function optionPath(path: string): string {
  const plain = path.replaceAll('%', '%%');
  return /\s/.test(plain) ? `"${plain}"` : plain;
}

/** One word of a POSIX shell. */
export const shellQuote = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
