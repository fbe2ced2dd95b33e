/**
 * What a server reports as it works: one plain value per event, for a log line or a test.
 *
 * Strings may come from a peer and are not escaped here; whoever prints them does that.
 */
export type ServerEvent =
  | { readonly event: 'listening'; readonly level: 'info'; readonly host: string; readonly port: number }
  | { readonly event: 'accept-failed'; readonly level: 'error'; readonly error: string }
  | (OfConnection & { readonly event: 'connection-opened'; readonly level: 'info' })
  | (OfConnection & Handshaken & { readonly event: 'handshake'; readonly level: 'info' })
  | (OfConnection & Credential & { readonly event: 'login-accepted'; readonly level: 'info' })
  | (OfConnection & Credential & { readonly event: 'login-refused'; readonly level: 'warn'; readonly reason: string })
  | (OfConnection & { readonly event: 'login-error'; readonly level: 'error'; readonly error: string })
  | (OfConnection & { readonly event: 'request-error'; readonly level: 'error'; readonly error: string })
  | (OfSession & { readonly event: 'session-started'; readonly level: 'info' } & Started)
  | (OfSession & { readonly event: 'session-error'; readonly level: 'error'; readonly error: string })
  | (OfSession & { readonly event: 'session-ended'; readonly level: 'info'; readonly status?: string })
  | (OfConnection & {
      readonly event: 'connection-closed';
      readonly level: 'info' | 'warn';
      readonly reason: string;
      readonly durationMs: number;
    });

interface OfConnection {
  /** Counts from 1 in each server. */
  readonly connection: number;
  /** Address and port of the other end. */
  readonly peer: string;
}

interface OfSession extends OfConnection {
  readonly user: string;
  /** Counts from 1 in each connection. */
  readonly session: number;
}

interface Handshaken {
  readonly software: string;
  readonly kex: string;
  readonly hostKey: string;
  readonly cipher: string;
}

interface Credential {
  readonly user: string;
  readonly method: string;
  /** Fingerprint of the key that was offered. */
  readonly key?: string;
}

interface Started {
  readonly kind: 'shell' | 'exec';
  readonly command?: string;
  /** Terminal type, when there is a terminal. */
  readonly term?: string;
}

/** An event without the fields that its reporter adds. */
export type Unaddressed<E, Fields> = E extends unknown ? Omit<E, keyof Fields> : never;
export type ConnectionEvent = Unaddressed<Extract<ServerEvent, OfConnection>, OfConnection>;
export type SessionEvent = Unaddressed<Extract<ServerEvent, OfSession>, OfSession>;
