/**
 * Why a connection ended: the one argument of `connectionLost`.
 *
 * Twisted passes exceptions (ConnectionDone, ConnectionLost, ProcessTerminated …); we pass values, so that a reader
 * sees every case in one place and no case can be thrown by accident.
 */

/** How a program ended, POSIX wait(2): a code or a signal, never both. */
export interface ExitStatus {
  /** 0–255, or null when a signal ended the program. */
  readonly code: number | null;
  /** Signal name with its prefix, e.g. `SIGTERM`, or null when the program exited by itself. */
  readonly signal: string | null;
  /** Whether a core file was written; false where the system does not tell. */
  readonly coreDumped: boolean;
}

export type CloseReason =
  /** Closed in order: by our `loseConnection`, or by the peer's. */
  | { readonly kind: 'done' }
  /** The medium failed, e.g. the peer reset the connection. */
  | { readonly kind: 'lost'; readonly error: Error }
  /** Our `abortConnection`. */
  | { readonly kind: 'aborted' }
  /** A program ended. */
  | ({ readonly kind: 'exited' } & ExitStatus)
  /** More was written than the queue may hold, so the connection was dropped rather than memory filled. */
  | { readonly kind: 'overflow'; readonly limit: number }
  /** The protocol above threw, or the peer broke its rules. */
  | { readonly kind: 'protocol-error'; readonly error: Error };

export const done: CloseReason = Object.freeze({ kind: 'done' });
export const aborted: CloseReason = Object.freeze({ kind: 'aborted' });

/** Whether a connection ended as it should: closed, or its program ended. */
export const isOrderly = ({ kind }: CloseReason): boolean => kind === 'done' || kind === 'exited';

/** One line for logs. Errors may quote the peer: escape before printing to a terminal. */
export function closeReasonText(reason: CloseReason): string {
  switch (reason.kind) {
    case 'done':
      return 'closed';
    case 'aborted':
      return 'aborted';
    case 'lost':
      return `lost: ${reason.error.message}`;
    case 'overflow':
      return `more than ${reason.limit} bytes were waiting to be sent`;
    case 'protocol-error':
      return reason.error.message;
    case 'exited':
      return reason.signal === null ? `exited with status ${reason.code}` : `ended by ${reason.signal}`;
  }
}
