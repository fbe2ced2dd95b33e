/**
 * The lines of an authorized_keys file: who may log in.
 *
 * A line that is not understood completely is refused with a reason and gives no access; it never hides its neighbours.
 * For now a line with any option at all is such a line: ignoring `restrict` or `from=…` would open a door that its
 * author closed. Nothing here opens a file. Facts: sshd(8) AUTHORIZED_KEYS FILE FORMAT; OpenSSH SSH_MAX_PUBKEY_BYTES.
 */
import { readPublicKey, type PublicKey } from './public-key.ts';

export interface AuthorizedKey {
  readonly key: PublicKey;
  /** What follows the key, for people only; may be empty. */
  readonly comment: string;
  /** Counts from 1. */
  readonly line: number;
}

export interface RefusedLine {
  /** Counts from 1. */
  readonly line: number;
  /** In words for a log; may quote the file, so escape it before a terminal. */
  readonly reason: string;
}

export interface AuthorizedKeys {
  readonly keys: readonly AuthorizedKey[];
  readonly refused: readonly RefusedLine[];
}

/** In characters; sshd's limit for one key. */
const lineLimit = 16_384;

/** Read the text of the file. Never throws. Empty lines and lines that begin with `#` are nothing. */
export function parseAuthorizedKeys(text: string): AuthorizedKeys {
  const keys: AuthorizedKey[] = [];
  const refused: RefusedLine[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const content = raw.trim();
    if (content === '' || content.startsWith('#')) continue;
    const line = index + 1;
    const parsed = parseLine(content);
    if (typeof parsed === 'string') refused.push({ line, reason: parsed });
    else keys.push({ ...parsed, line });
  }
  return { keys, refused };
}

/** How a line begins that has no options: a key type, of ours or of somebody else's. */
const keyTypePattern = /^(ssh|ecdsa|sk-ssh|sk-ecdsa|rsa)-[\w@.-]+$/;

/** The line, or why not. */
function parseLine(content: string): Omit<AuthorizedKey, 'line'> | string {
  if (content.length > lineLimit) return `the line is longer than ${lineLimit} characters`;
  const first = firstField(content);
  if (first === undefined) return 'a quotation mark is not closed';
  if (keyTypePattern.test(first)) return parseKey(content);
  const rest = content.slice(first.length).trimStart();
  if (!keyTypePattern.test(firstField(rest) ?? '')) return 'this is not a key';
  return `option '${optionName(first)}' is not supported, so the key is not used`;
}

function parseKey(content: string): Omit<AuthorizedKey, 'line'> | string {
  const [, type = '', base64 = '', comment = ''] = /^(\S+)\s*(\S*)\s*(.*)$/s.exec(content) ?? [];
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return 'the key is not base64';
  const read = readPublicKey(Buffer.from(base64, 'base64'));
  if ('refused' in read) return read.refused;
  if (read.key.type !== type) return `the line says ${type}, the key is ${read.key.type}`;
  return { key: read.key, comment };
}

/** Up to the first blank outside quotation marks; undefined if they do not close. Only `\"` is an escape, as in sshd. */
const firstField = (content: string): string | undefined => /^(?:"(?:\\"|[^"])*"|[^\s"])*(?=\s|$)/.exec(content)?.[0];

/** The first option's name: up to its value or the next option. */
const optionName = (options: string): string => /^[^=,"]*/.exec(options)?.[0].slice(0, 64) ?? '';
