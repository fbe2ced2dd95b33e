/**
 * One request of HTTP/1.1 on a connection of its own, and an attempt that ends by an answer, an error, time or a signal.
 *
 * The connection is never used for another request. It says keep-alive all the same: told to close, Node would cut our
 * half-sent body at the end of the answer. Source: RFC 9112 §9.6; Node 20 documentation, "http".
 */
import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import { Disposables } from '../disposables.ts';
import { ConfigError } from '../errors.ts';
import { followSignal, limitTime, type AttemptOptions } from '../sockets/attempt.ts';
import { checkNumbers, httpDefaults, type HttpOptions } from './http-options.ts';

export interface ConnectHttpOptions extends HttpOptions, AttemptOptions {
  /** `http:` or `https:`; the path and the query go into the request. */
  readonly url: string;
  /** Headers of the request, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** A connected socket to speak through, such as a TLS socket made with the caller's own certificates. @default a new one */
  readonly socket?: Duplex;
  /** Longest head of an answer, in bytes. @default 16_384 */
  readonly maxHeaderSize?: number;
}

/** Begin a request; nothing is sent before it is ended, written to, or its headers are flushed. */
export function openRequest(
  { url, headers, socket, maxHeaderSize = httpDefaults.maxHeaderSize, ...rest }: ConnectHttpOptions,
  {
    method,
    target,
    ...fields
  }: { readonly method: string; readonly target?: string; readonly headers: Readonly<Record<string, string>> },
): http.ClientRequest {
  checkNumbers({ ...rest, maxHeaderSize });
  const { protocol } = httpUrl(url);
  const { Agent, request } = protocol === 'https:' ? https : http;
  const agent = Object.assign(new Agent({ keepAlive: true, noDelay: true }), {
    keepSocketAlive: () => false,
    ...(socket && { createConnection: () => socket }),
  });
  const path = target === undefined ? {} : { path: target };
  const own = { ...headers, ...fields.headers };
  return request(url, { method, agent, maxHeaderSize, insecureHTTPParser: false, headers: own, ...path });
}

export function httpUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return parsed;
  throw new ConfigError('url', `must begin with http: or https:, got ${JSON.stringify(url)}`);
}

/** Settles once; `giveUp` is called when time is up or the signal is aborted, and never afterwards. */
export function attempted<T>(
  { connectTimeout = 30_000, signal }: AttemptOptions,
  giveUp: (error: Error) => void,
  begin: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
): Promise<T> {
  const attempt = new Disposables();
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      attempt[Symbol.dispose]();
      reject(error);
    };
    const abandon = (error: Error): void => {
      fail(error);
      giveUp(error);
    };
    begin(value => {
      attempt[Symbol.dispose]();
      resolve(value);
    }, fail);
    limitTime(attempt, connectTimeout, abandon);
    if (signal) followSignal(attempt, signal, abandon);
  });
}
