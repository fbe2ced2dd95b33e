/**
 * What a server reports as it works: one plain value per event, for a log line or a test.
 *
 * Strings may come from a peer and are not escaped here; whoever prints them does that.
 */
import type { PenaltyCause } from './admission/options.ts';
import type { RefusalReason } from './admission/refusals.ts';
import type { ProcessHostEvent } from '../transport/process/host/index.ts';
import type { LimitName } from './limits/limit-names.ts';

export type ServerEvent =
  | { readonly event: 'listening'; readonly level: 'info'; readonly host: string; readonly port: number }
  | { readonly event: 'accept-failed'; readonly level: 'error'; readonly error: string }
  | (Refused & { readonly event: 'connection-refused'; readonly level: 'warn' })
  | (RefusedTogether & { readonly event: 'connections-refused'; readonly level: 'warn' })
  | (Penalised & { readonly event: 'source-penalised'; readonly level: 'warn' })
  | (OfConnection & { readonly event: 'connection-opened'; readonly level: 'info'; readonly proxy?: string })
  | ProcessHostEvent
  | (OfConnection & Limited & { readonly event: 'limit-reached'; readonly level: 'warn' })
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

interface Refused {
  /** Address and port of the client. */
  readonly peer: string;
  readonly reason: RefusalReason;
  /** The address or block of addresses that was counted. */
  readonly source?: string;
  /** More about the reason: what a penalty is for, what was wrong with a header. */
  readonly cause?: string;
  /** How long its source will be refused. */
  readonly leftMs?: number;
  /** Address and port of the proxy that it came through. */
  readonly proxy?: string;
}

/** Refusals that had no line of their own. */
interface RefusedTogether {
  readonly reason: RefusalReason;
  readonly count: number;
  readonly periodMs: number;
}

/** From now on the source is refused, for so long. */
interface Penalised {
  readonly source: string;
  readonly cause: PenaltyCause;
  readonly penaltyMs: number;
}

/** Told once for each limit of a connection or session. */
interface Limited {
  readonly limit: LimitName;
  /** For a limit of one session. */
  readonly session?: number;
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
