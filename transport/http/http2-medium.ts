/**
 * How a stream of HTTP/2 moves bytes.
 *
 * Node gives the peer window back for what we have taken, and stops when we pause, so that at most a window and Node's
 * own buffer wait here. An abort is RST_STREAM with CANCEL. When the peer resets, Node reports the ends of both
 * directions as if they had been ordinary ones: this file tells them apart.
 * Source: RFC 9113 §5.1, §5.2, §7 (codes), §8.1; Node 20 documentation, "http2", and lib/internal/http2/core.js.
 */
import { constants, type Http2Stream } from 'node:http2';
import { addAbortSignal } from 'node:stream';
import type { Endpoint } from '../endpoint.ts';
import type { Medium } from '../medium.ts';
import { closeLingering } from '../lingering-close.ts';

const { NGHTTP2_NO_ERROR } = constants;

/** RFC 9113 §7. */
const codeNames: Readonly<Record<number, string>> = {
  [constants.NGHTTP2_NO_ERROR]: 'NO_ERROR',
  [constants.NGHTTP2_PROTOCOL_ERROR]: 'PROTOCOL_ERROR',
  [constants.NGHTTP2_INTERNAL_ERROR]: 'INTERNAL_ERROR',
  [constants.NGHTTP2_FLOW_CONTROL_ERROR]: 'FLOW_CONTROL_ERROR',
  [constants.NGHTTP2_STREAM_CLOSED]: 'STREAM_CLOSED',
  [constants.NGHTTP2_FRAME_SIZE_ERROR]: 'FRAME_SIZE_ERROR',
  [constants.NGHTTP2_REFUSED_STREAM]: 'REFUSED_STREAM',
  [constants.NGHTTP2_CANCEL]: 'CANCEL',
  [constants.NGHTTP2_ENHANCE_YOUR_CALM]: 'ENHANCE_YOUR_CALM',
};

/**
 * Bytes of one stream that Node's session is given at once. It refuses new streams when all that it has been given is more
 * than it may hold, and what one stream has given holds up the others.
 */
export const longestPiece = 65_536;

export class Http2Medium implements Medium {
  readonly #stream: Http2Stream;
  readonly #lingerTime: number;
  #eofSent = false;
  #eofReceived = false;

  constructor(stream: Http2Stream, lingerTime: number) {
    this.#stream = stream;
    this.#lingerTime = lingerTime;
  }

  listen(endpoint: Endpoint): void {
    const stream = this.#stream.pause();
    const cutShort = (): void => {
      if (!this.#eofSent || !this.#eofReceived) endpoint.ended({ kind: 'lost', error: whyClosed(stream) });
    };
    stream.on('data', (data: Uint8Array) => endpoint.received(data));
    stream.on('end', () => {
      if (wasReset(stream)) return;
      this.#eofReceived = true;
      endpoint.receivedEof();
    });
    stream.on('error', () => undefined); // 'close' follows, and knows it
    stream.on('close', cutShort);
    if (stream.destroyed) cutShort();
  }

  send(chunks: readonly Uint8Array[], taken: () => void): void {
    const pieces = chunks.flatMap(piecesOf);
    const next = (): void => {
      const piece = pieces.shift();
      if (piece) this.#stream.write(piece, this.#unlessReset(next));
      else taken();
    };
    next();
  }

  sendEof(sent: () => void): void {
    const ended = (): void => {
      this.#eofSent = true;
      sent();
    };
    this.#stream.end(this.#unlessReset(ended));
  }

  startReading(): void {
    this.#stream.resume();
  }

  stopReading(): void {
    this.#stream.pause();
  }

  /** END_STREAM; input is thrown away until the peer's, or until time is up: then RST_STREAM with NO_ERROR (§8.1). */
  close(): void {
    closeLingering(this.#stream, this.#lingerTime, () => this.#stream.close(NGHTTP2_NO_ERROR));
  }

  /** Not `close(NGHTTP2_CANCEL)`: that sends END_STREAM first, and the peer would take the abort for an end in order. */
  destroy(): void {
    if (!this.#stream.destroyed) addAbortSignal(AbortSignal.abort(), this.#stream);
  }

  /** A reset calls back for what was never sent, with an error or without one. */
  #unlessReset(callback: () => void): (error?: Error | null) => void {
    return error => {
      if (!error && !wasReset(this.#stream)) callback();
    };
  }
}

/** `chunk` in order, in pieces of at most `longestPiece`. */
function piecesOf(chunk: Uint8Array): Uint8Array[] {
  const count = Math.ceil(chunk.length / longestPiece);
  return Array.from({ length: count }, (_, index) => chunk.subarray(index * longestPiece, (index + 1) * longestPiece));
}

/** A stream that is closed before we have ended our direction was reset, whatever the code. */
const wasReset = (stream: Http2Stream): boolean =>
  stream.aborted || stream.rstCode !== NGHTTP2_NO_ERROR || (stream.closed && !stream.writableEnded);

function whyClosed(stream: Http2Stream): Error {
  if (stream.errored) return stream.errored;
  const { rstCode } = stream;
  if (rstCode === NGHTTP2_NO_ERROR) return new Error('the HTTP/2 stream was closed before its end');
  const name = codeNames[rstCode] ?? String(rstCode);
  return Object.assign(new Error(`the HTTP/2 stream was reset with ${name}`), { code: `HTTP2_${name}` });
}
