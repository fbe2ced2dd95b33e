/**
 * What a connection did until it ended, and what its source is penalised for. After sshd's child exit codes.
 */
import type { CloseReason } from '../../transport/close-reason.ts';
import type { PenaltyCause } from './options.ts';

export interface Conduct {
  readonly loggedIn: boolean;
  /** We ended it, and not for anything it did. */
  readonly dismissed: boolean;
  /** The login grace time was over. */
  readonly graceExceeded: boolean;
  /** Keys could not be looked up for a login: nobody knows whether it was a right one. */
  readonly undecided: boolean;
  /** Of a login that failed, `none` aside. */
  readonly failedUser: string | undefined;
}

export const nothingYet: Conduct = Object.freeze({
  ...{ loggedIn: false, dismissed: false, graceExceeded: false, undecided: false },
  failedUser: undefined,
});

/** Who has logged in is past all this. */
export function penaltyFor(
  { loggedIn, dismissed, graceExceeded, undecided, failedUser }: Conduct,
  reason: CloseReason,
  isUser: (user: string) => boolean,
): PenaltyCause | undefined {
  if (loggedIn || dismissed) return undefined;
  if (graceExceeded) return 'graceExceeded';
  if (isFaultOfOurs(reason)) return 'crash';
  if (undecided) return undefined; // also if other keys failed before, or when the file system was there again
  if (failedUser === undefined) return 'noAuth';
  return isUser(failedUser) ? 'authFail' : 'invalidUser';
}

/** Errors of the language: no peer should be able to cause them. */
const faults: ReadonlySet<string> = new Set(['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError']);

const isFaultOfOurs = (reason: CloseReason): boolean =>
  reason.kind === 'protocol-error' && faults.has(reason.error.name);
