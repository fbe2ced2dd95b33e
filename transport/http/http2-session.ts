/**
 * What sessions of HTTP/2 have in common at both ends: bounds, and how a stream becomes a connection.
 *
 * Node's own bounds are kept: streams that were reset too fast or refused too often, frames that make no sense, answers
 * that the peer does not read. What it does not bound are SETTINGS from a peer that reads every answer; that is done here.
 * Source: RFC 9113 §5.1.2, §6.5, §10.5 (denial of service); CVE-2019-9515; Node 20 documentation, "http2".
 */
import { constants, type Http2Session, type Http2Stream, type SessionOptions } from 'node:http2';
import type { IProtocol } from '../contracts.ts';
import { Endpoint } from '../endpoint.ts';
import { LocalMisuseError } from '../errors.ts';
import { Http2Medium } from './http2-medium.ts';
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
    maxSessionMemory: megabytesFor(maxConcurrentStreams * window),
    settings: { maxConcurrentStreams, initialWindowSize: window, maxHeaderListSize: maxHeaderSize, enablePush: false },
  };
}

/** Twice what all windows together may hold, so that full windows alone refuse nobody; 10 is Node's own. */
const megabytesFor = (bytes: number): number => Math.max(10, Math.ceil((2 * bytes) / 1e6));

/** End a session whose peer changes its mind too often. */
export function boundSettings(session: Http2Session): void {
  let frames = 0;
  session.on('remoteSettings', () => {
    frames += 1;
    if (frames > httpDefaults.maxSettingsFrames) session.destroy(undefined, constants.NGHTTP2_ENHANCE_YOUR_CALM);
  });
}

/** HTTP/2 over TLS is agreed on in the handshake, or is not spoken (RFC 9113 §3.2). */
export function checkAgreed(socket: object): void {
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
