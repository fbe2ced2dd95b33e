/**
 * What sessions of HTTP/2 have in common at both ends: bounds, and how a stream becomes a connection.
 *
 * Node's own bounds are kept: streams that were refused too often, frames that make no sense, answers that the peer does
 * not read. What Node 20 does not bound, or does not end the session for, is bounded here: SETTINGS from a peer that reads
 * every answer, and streams that are reset as soon as they are open.
 * Source: RFC 9113 §5.1.2, §6.5, §10.5 (denial of service); CVE-2019-9515, CVE-2023-44487; Node 20 documentation, "http2".
 */
import { constants, type Http2Session, type Http2Stream, type SessionOptions } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { IProtocol } from '../contracts.ts';
import { Endpoint } from '../endpoint.ts';
import { LocalMisuseError } from '../errors.ts';
import { Http2Medium, longestPiece } from './http2-medium.ts';
import { httpDefaults, type HttpOptions } from './http-options.ts';
import { closeWhenIdle } from './idle.ts';

export interface Http2Options extends HttpOptions {
  /** Streams that the peer may have open at once; more are refused (REFUSED_STREAM). @default 100 */
  readonly maxConcurrentStreams?: number;
  /** Bytes that the peer may send on one stream before we have taken them; at least 65_535. @default 65_535 */
  readonly window?: number;
  /** Longest list of headers taken, in bytes as RFC 9113 §6.5.2 counts them. @default 16_384 */
  readonly maxHeaderSize?: number;
}

/** Sizes of lists of headers count 32 bytes more for each (RFC 9113 §6.5.2). */
const bytesOfEmptyHeader = 32;

export function sessionOptions(options: Http2Options): SessionOptions {
  const { maxConcurrentStreams, window, maxHeaderSize } = { ...httpDefaults, ...options };
  return {
    maxHeaderListPairs: Math.floor(maxHeaderSize / bytesOfEmptyHeader),
    maxSendHeaderBlockLength: maxHeaderSize,
    maxSessionMemory: megabytesFor(maxConcurrentStreams * (window + longestPiece)),
    settings: { maxConcurrentStreams, initialWindowSize: window, maxHeaderListSize: maxHeaderSize, enablePush: false },
  };
}

/** Twice what all streams together may hold, so that full streams alone refuse nobody; 10 is Node's own. */
const megabytesFor = (bytes: number): number => Math.max(10, Math.ceil((2 * bytes) / 1e6));

/** How often something may happen: so many times at once, and so many more in each second. */
function allowance(burst: number, perSecond: number): () => boolean {
  let left = burst;
  let since = Date.now();
  return () => {
    const now = Date.now();
    left = Math.min(burst, left + ((now - since) / 1_000) * perSecond) - 1;
    since = now;
    return left >= 0;
  };
}

/** End a session whose peer changes its settings, or resets its streams, again and again. */
export function boundFloods(session: Http2Session): void {
  const { settingsFrames, resets } = httpDefaults;
  const calm = (mayGoOn: () => boolean): void => {
    if (!mayGoOn()) session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  };
  const maySet = allowance(...settingsFrames);
  const mayReset = allowance(...resets);
  session.on('remoteSettings', () => calm(maySet));
  session.on('stream', (stream: Http2Stream) => stream.on('aborted', () => calm(mayReset)));
}

/**
 * Make a socket fit for a session: half a connection is none, so that a peer's EOF ends it, and its streams with it.
 * HTTP/2 over TLS is agreed on in the handshake, or is not spoken (RFC 9113 §3.2).
 */
export function takeSocket(socket: Duplex): void {
  socket.allowHalfOpen = false;
  if (!('alpnProtocol' in socket) || socket.alpnProtocol === 'h2') return;
  throw new LocalMisuseError(
    `the TLS socket has agreed on ${JSON.stringify(socket.alpnProtocol)}, not on h2: give both ends ALPNProtocols: ['h2']`,
  );
}

export function streamConnection(
  stream: Http2Stream,
  ends: ConstructorParameters<typeof Endpoint>[1],
  protocol: IProtocol | undefined,
  options: HttpOptions,
): Endpoint {
  const medium = new Http2Medium(stream, options.lingerTime ?? httpDefaults.lingerTime);
  const endpoint = new Endpoint(medium, ends, options);
  medium.listen(endpoint);
  closeWhenIdle(stream, endpoint, options);
  if (protocol) endpoint.start(protocol);
  return endpoint;
}
