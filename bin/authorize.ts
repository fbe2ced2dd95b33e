/**
 * Who may log in: only the person who runs nacre, with a key of theirs: the setting `accounts: self`.
 *
 * The file is read at every attempt, also for other user names, so that a key taken out is out and a name costs the same
 * time whether it exists or not. What is wrong with the file is reported once, and again when it changes.
 */
import { holdsKey, readAuthorizedKeys, type PublicKey, type ReadAuthorizedKeys } from '../keys/index.ts';
import type { CommandEvent, Log } from './logger.ts';

export interface SelfLogin {
  readonly user: { readonly name: string; readonly uid: number; readonly home: string };
  /** authorized_keys files. */
  readonly files: readonly string[];
  /** Keys that may log in besides those in files. */
  readonly keys?: readonly PublicKey[];
  readonly log: Log;
}

/** The `authorize` of the server's options. */
export function authorizeSelf(login: SelfLogin): (user: string, key: PublicKey) => Promise<boolean> {
  const reportOf = new Map(login.files.map(file => [file, reporter(login.log)]));
  return async (user, key) => {
    const files: ReadAuthorizedKeys[] = [];
    for (const file of login.files) {
      const read = await readAuthorizedKeys(file, login.user);
      reportOf.get(file)?.(complaints(file, read));
      files.push(read);
    }
    const isListed = (login.keys ?? []).some(other => other.equals(key));
    return user === login.user.name && (isListed || holdsKey(files, key));
  };
}

/** What there is to say of a file. */
export function complaints(file: string, read: ReadAuthorizedKeys): CommandEvent[] {
  if ('keys' in read) {
    return read.refused.map(line => ({ event: 'authorized-keys-line-refused', level: 'warn', file, ...line }));
  }
  const { path, reason } = read.refusal;
  return [
    { event: 'authorized-keys-refused', level: 'warn', file, reason: path === file ? reason : `${path}: ${reason}` },
  ];
}

/** The same for files of many people: what was said last of each of the last so many files is remembered. */
export function keyFileReports(log: Log): (file: string, events: readonly CommandEvent[]) => void {
  const reportOf = new Map<string, ReturnType<typeof reporter>>();
  return (file, events) => {
    const report = reportOf.get(file) ?? reporter(log);
    reportOf.delete(file);
    reportOf.set(file, report);
    const [oldest] = reportOf.keys();
    if (reportOf.size > MOST_FILES && oldest !== undefined) reportOf.delete(oldest);
    report(events);
  };
}

const MOST_FILES = 1000;

/** Logs what it was not told the time before. */
function reporter(log: Log): (events: readonly CommandEvent[]) => void {
  let known = new Set<string>();
  return events => {
    const now = new Map(events.map(event => [JSON.stringify(event), event]));
    for (const [text, event] of now) if (!known.has(text)) log(event);
    known = new Set(now.keys());
  };
}
