/**
 * Ends connections on which nothing moves: first in order, then, where that takes too long, by an abort.
 *
 * Source: after Twisted's HTTPChannel.timeoutConnection and forceAbortClient.
 */
import type { IAbortable, ITransport } from '../contracts.ts';
import { httpDefaults, type HttpOptions } from './http-options.ts';

type Closeable = ITransport & IAbortable;

/** `loseConnection`, and after `abortTimeout` milliseconds `abortConnection`, which does nothing if it has ended. */
export function closeInTime(connection: Closeable, abortTimeout: number): void {
  connection.loseConnection();
  setTimeout(() => connection.abortConnection(), abortTimeout).unref();
}

/** What Node can time: sockets, requests, responses, streams of HTTP/2. */
interface Timed {
  setTimeout(milliseconds: number, tell?: () => void): unknown;
}

/** Close `connection` when `timed` has seen no byte go or come for `idleTimeout`; 0 for never. */
export function closeWhenIdle(
  timed: Timed,
  connection: Closeable,
  { idleTimeout = httpDefaults.idleTimeout, abortTimeout = httpDefaults.abortTimeout }: HttpOptions,
): void {
  if (idleTimeout === 0) timed.setTimeout(0);
  else timed.setTimeout(idleTimeout, () => closeInTime(connection, abortTimeout));
}
