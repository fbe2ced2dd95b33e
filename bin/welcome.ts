/** What `nacre start` prints: where it listens, which key it shows, who can log in, and the line to paste. */
import { relative } from 'node:path';
import picocolors from 'picocolors';
import { escapeText } from '../transport/escape.ts';
import { listenAddressText, type ListenAddress } from './listen-address.ts';
import type { QuickStart } from './quick-start.ts';

export interface Welcome {
  readonly address: ListenAddress;
  readonly prepared: QuickStart;
  /** The `ssh …` line. */
  readonly line: string;
  readonly user: { readonly name: string; readonly home: string };
  /** Paths are shown relative to it where that is shorter. */
  readonly directory: string;
  readonly colors: boolean;
}

export function welcome({ address, prepared, line, user, directory, colors }: Welcome): string {
  const { bold, cyan, dim } = picocolors.createColors(colors);
  const show = (path: string): string => escapeText(shortPath(path, directory, user.home));
  const row = (name: string, text: string): string => `  ${dim(name.padEnd(10))}${text}`;
  const made = prepared.hostKeyIsNew ? ', made just now' : '';
  return [
    '',
    `  ${bold('nacre')} is serving ${bold(escapeText(user.name))} on ${bold(listenAddressText(address))}`,
    '',
    row('host key', prepared.hostKey.publicKey.fingerprint),
    row('', dim(`${show(prepared.hostKeyFile)}${made}`)),
    ...whoCanLogIn(prepared, show).map((text, index) => row(index === 0 ? 'login' : '', text)),
    '',
    '  To log in, paste this into another terminal:',
    '',
    `    ${cyan(line)}`,
    '',
    `  ${dim('Ctrl-C stops it.')}`,
    '',
    '',
  ].join('\n');
}

function whoCanLogIn(
  { authorized, authorizedKeysFile, demoKey, identityFile }: QuickStart,
  show: (path: string) => string,
): string[] {
  const demo = demoKey === undefined ? [] : [`the demo key ${show(identityFile)}`, `  ${demoKey.fingerprint}`];
  if ('refusal' in authorized) {
    const { code, path, reason } = authorized.refusal;
    return code === 'missing'
      ? demo
      : [...demo, `not ${show(authorizedKeysFile)}: ${show(path)}: ${escapeText(reason)}`];
  }
  const { keys, refused } = authorized;
  const some = keys.length === 0 ? [] : [`${count(keys.length, 'key')} in ${show(authorizedKeysFile)}`];
  const not = refused.map(
    ({ line, reason }) => `not line ${line} of ${show(authorizedKeysFile)}: ${escapeText(reason)}`,
  );
  return [...some, ...demo, ...not];
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

function shortPath(path: string, directory: string, home: string): string {
  const here = relative(directory, path);
  if (!here.startsWith('..')) return here;
  return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
}
