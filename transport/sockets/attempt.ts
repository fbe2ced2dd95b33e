/**
 * One attempt to connect a socket: it succeeds, fails, takes too long or is called off, and leaves nothing behind.
 *
 * The socket is destroyed unless it connected. It refuses to know what kind of address is being connected to.
 */
import type { Socket } from 'node:net';
import { Disposables } from '../disposables.ts';
import { asError } from '../errors.ts';

export interface AttemptOptions {
  /** Give up connecting after this long, in milliseconds; 0 means never. @default 30_000 */
  readonly connectTimeout?: number;
  /** Give up connecting when this is aborted. Once connected it means nothing. */
  readonly signal?: AbortSignal;
}

/** Resolves when `socket` is connected; rejects with the system's error, the signal's reason, or ETIMEDOUT. */
export function connected(socket: Socket, { connectTimeout = 30_000, signal }: AttemptOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const attempt = new Disposables();
    const giveUp = (error: Error): void => void socket.destroy(error);
    const fail = (error: Error): void => reject(inWords(error));
    limitTime(attempt, connectTimeout, giveUp);
    if (signal) followSignal(attempt, signal, giveUp);
    socket.once('error', fail);
    attempt.add(() => socket.off('error', fail));
    socket.once('close', () => attempt[Symbol.dispose]());
    socket.once('connect', () => {
      attempt[Symbol.dispose]();
      resolve();
    });
  });
}

/** Where several addresses were tried, Node's error has no text: name what each one said. */
function inWords(error: Error): Error {
  if (!('errors' in error && Array.isArray(error.errors))) return error; // an AggregateError, of whatever realm
  const causes = error.errors.map(asError);
  const code = 'code' in error ? { code: error.code } : {};
  return Object.assign(new Error(causes.map(({ message }) => message).join('; '), { cause: error }), code);
}

export function limitTime(owner: Disposables, milliseconds: number, giveUp: (error: Error) => void): void {
  if (milliseconds === 0) return;
  const error = Object.assign(new Error(`no connection within ${milliseconds} ms`), { code: 'ETIMEDOUT' });
  const timer = setTimeout(giveUp, milliseconds, error);
  owner.add(() => clearTimeout(timer));
}

export function followSignal(owner: Disposables, signal: AbortSignal, giveUp: (error: Error) => void): void {
  const abort = (): void => giveUp(asError(signal.reason));
  if (signal.aborted) return abort();
  signal.addEventListener('abort', abort);
  owner.add(() => signal.removeEventListener('abort', abort));
}
