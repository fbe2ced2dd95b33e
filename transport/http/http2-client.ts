/**
 * A client of HTTP/2: connect once, and open streams, each a connection of its own.
 *
 * Source: RFC 9113; RFC 8441 (extended CONNECT); Node 20 documentation, "http2".
 */
import { connect, type ClientHttp2Session, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { IConnection, IProtocol } from '../contracts.ts';
import { asError, UnsupportedError } from '../errors.ts';
import type { AttemptOptions } from '../sockets/attempt.ts';
import { attempted, httpUrl } from './http1-client.ts';
import { boundFloods, takeSocket, sessionOptions, streamConnection, type Http2Options } from './http2-session.ts';
import { checkNumbers, checkToken } from './http-options.ts';
import { endsOf } from './http-socket.ts';
import { refusedWith } from './refusal.ts';

export interface ConnectHttp2Options extends Omit<Http2Options, 'maxConcurrentStreams'>, AttemptOptions {
  /** `http:` (without TLS, from the first byte) or `https:`; its path is that of streams which name none. */
  readonly url: string;
  /** A connected socket to speak through, such as a TLS socket that has agreed on h2. @default a new one */
  readonly socket?: Duplex;
}

export interface OpenStreamOptions extends AttemptOptions {
  /** @default the path of the URL */
  readonly path?: string;
  /** Ask by the extended CONNECT for the protocol of this name. @default POST */
  readonly protocol?: string;
  /** Headers of the request, such as `authorization`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** One session with a server. Its streams share a socket, and end with it, each for the same reason. */
export interface Http2Client extends AsyncDisposable {
  /**
   * Open a stream, and give it to `protocol` once the server has answered. Above the number of streams that the server
   * allows, it waits for one to end. Rejects with an answer other than 200 (code `HTTP_404` …), with UnsupportedError
   * where the server has no extended CONNECT, with how the session ended, or with the signal's reason.
   */
  open(options?: OpenStreamOptions, protocol?: IProtocol): Promise<IConnection>;
  /** Open no more streams, and close once those that are open have ended. */
  close(): Promise<void>;
  /** Cut the session and all its streams. */
  abort(): void;
}

/** Connect; resolves when the server has said what it allows. Rejects with the system's error or the signal's reason. */
export async function connectHttp2(options: ConnectHttp2Options): Promise<Http2Client> {
  const { url, socket } = options;
  checkNumbers(options);
  const target = httpUrl(url);
  if (socket) takeSocket(socket);
  const session = connect(url, { ...sessionOptions(options), ...(socket && { createConnection: () => socket }) });
  session.on('error', () => undefined); // its streams have been told
  boundFloods(session);
  session.on('stream', stream => stream.close()); // a push, which we have switched off
  await attempted<void>(
    options,
    error => session.destroy(error),
    (resolve, reject) => {
      session.once('remoteSettings', () => resolve());
      session.once('error', reject);
      session.once('close', () => reject(new Error('the HTTP/2 session was closed before it began')));
    },
  );
  return new Client(session, `${target.pathname}${target.search}`, options);
}

class Client implements Http2Client {
  readonly #session: ClientHttp2Session;
  readonly #path: string;
  readonly #options: ConnectHttp2Options;
  readonly #ends: ReturnType<typeof endsOf>;
  readonly #closed: Promise<void>;

  constructor(session: ClientHttp2Session, path: string, options: ConnectHttp2Options) {
    this.#session = session;
    this.#path = path;
    this.#options = options;
    this.#ends = endsOf(options.socket ?? session.socket);
    this.#closed = new Promise(resolve => session.once('close', resolve));
  }

  async open(options: OpenStreamOptions = {}, protocol?: IProtocol): Promise<IConnection> {
    const stream = this.#request(options);
    return attempted(
      options,
      () => stream.close(),
      (resolve, reject) => {
        stream.once('response', headers => {
          if (headers[':status'] === 200) return resolve(streamConnection(stream, this.#ends, protocol, this.#options));
          reject(refusedWith(headers[':status'] ?? 0, 'a stream'));
          stream.close();
        });
        stream.on('error', reject);
        stream.once('close', () => reject(new Error('the HTTP/2 stream was closed before it was answered')));
      },
    );
  }

  close(): Promise<void> {
    if (!this.#session.closed) this.#session.close();
    return this.#closed;
  }

  abort(): void {
    this.#session.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #request({ path = this.#path, protocol, headers }: OpenStreamOptions): ClientHttp2Stream {
    const fields = { ...headers, ':path': path, ...this.#methodFor(protocol) };
    try {
      return this.#session.request(fields, { endStream: false });
    } catch (error) {
      throw new Error(`this HTTP/2 session takes no more streams, connect again: ${asError(error).message}`, {
        cause: error,
      });
    }
  }

  #methodFor(protocol: string | undefined): IncomingHttpHeaders {
    if (protocol === undefined) return { ':method': 'POST' };
    checkToken('protocol', protocol);
    if (this.#session.remoteSettings.enableConnectProtocol) return { ':method': 'CONNECT', ':protocol': protocol };
    throw new UnsupportedError('the server has no extended CONNECT (RFC 8441): open the stream without `protocol`');
  }
}
