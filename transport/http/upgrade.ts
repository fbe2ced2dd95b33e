/**
 * HTTP/1.1 Upgrade: after an answer of 101 both ends speak the protocol that a token names, here plain bytes.
 *
 * Unknown tokens are refused with 426 and the one that is spoken; so is HTTP/1.0, which has no upgrade. A request that
 * announces a body is refused: what one program took for a body, another could take for the new protocol.
 * Source: RFC 9110 §7.8 (Upgrade), §15.2.2 (101), §15.5.22 (426).
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { IConnection, IProtocol } from '../contracts.ts';
import { RemoteProtocolError } from '../errors.ts';
import { attempted, openRequest, type ConnectHttpOptions } from './http1-client.ts';
import {
  listenHttp1,
  misdirectedRequest,
  protocolOrRefusal,
  type BuildProtocol,
  type HttpListener,
} from './http1-server.ts';
import {
  checkToken,
  httpDefaults,
  type HttpOptions,
  type ListenHttpOptions,
  type RequestFilter,
} from './http-options.ts';
import { endsOf } from './http-socket.ts';
import { isRefusal, refusals, refuse, refusedBy, refuseOnSocket, type Refusal } from './refusal.ts';
import { socketConnection } from './socket-transport.ts';

export interface UpgradeOptions extends HttpOptions, RequestFilter {
  /** The name of the protocol on the upgraded connection, such as `nacre/1`; letter case does not matter. */
  readonly token: string;
  /** Told when building a protocol threw; the peer was refused. @default a process warning */
  readonly onError?: (error: Error) => void;
}

export interface ListenUpgradeOptions extends ListenHttpOptions, RequestFilter {
  /** See UpgradeOptions. */
  readonly token: string;
}

export interface ConnectUpgradeOptions extends ConnectHttpOptions {
  /** See UpgradeOptions. */
  readonly token: string;
}

/** What Node's servers hand to 'upgrade' and 'connect'. */
export interface UpgradeEvent {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** Bytes that were read behind the request; they are not lost. */
  readonly head: Uint8Array;
}

/** Answer the 'upgrade' event of a `node:http` server of your own. The socket is owned from here on, refused or not. */
export function acceptUpgrade(
  event: UpgradeEvent,
  options: UpgradeOptions,
  buildProtocol: BuildProtocol<IncomingMessage>,
): void {
  checkToken('token', options.token);
  const { request, socket, head } = event;
  const build = (): IProtocol | undefined => buildProtocol(endsOf(socket).peer, request);
  const answer = whyNot(request, options) ?? protocolOrRefusal(build, options.onError);
  if (isRefusal(answer)) return refuseOnSocket(socket, answer, options.abortTimeout ?? httpDefaults.abortTimeout);
  socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${options.token}\r\n\r\n`);
  socketConnection(socket, head, answer, options);
}

/** Listen, and give each upgraded connection to the protocol that `buildProtocol` makes; undefined refuses it (403). */
export function listenUpgrade(
  options: ListenUpgradeOptions,
  buildProtocol: BuildProtocol<IncomingMessage>,
): Promise<HttpListener> {
  checkToken('token', options.token);
  return listenHttp1(options, server => {
    server.on('upgrade', (request, socket, head) => acceptUpgrade({ request, socket, head }, options, buildProtocol));
    server.on('request', (_request, response) => refuse(response, needed(options)));
  });
}

/**
 * Ask for an upgrade, and give the connection to `protocol`. Rejects with the system's error, with the answer that came
 * instead (code `HTTP_426` …), with RemoteProtocolError for another protocol than was asked for, or the signal's reason.
 */
export async function connectUpgrade(options: ConnectUpgradeOptions, protocol?: IProtocol): Promise<IConnection> {
  const { token } = options;
  checkToken('token', token);
  const headers = { connection: 'Upgrade', upgrade: token };
  const request = openRequest(options, { method: 'GET', headers });
  return attempted(
    options,
    () => request.destroy(),
    (resolve, reject) => {
      request.on('upgrade', (response, socket, head) => {
        if (sameToken(response.headers.upgrade, token))
          return resolve(socketConnection(socket, head, protocol, options));
        socket.destroy();
        const seen = `switched to ${JSON.stringify(response.headers.upgrade)}, ${token} was asked for`;
        reject(new RemoteProtocolError('RFC 9110 §7.8', seen));
      });
      request.on('response', response => {
        reject(refusedBy(response, `an upgrade to ${token}`));
        request.destroy();
      });
      request.on('error', reject);
      request.end();
    },
  );
}

const sameToken = (seen: string | undefined, token: string): boolean =>
  seen?.trim().toLowerCase() === token.toLowerCase();

function whyNot(request: IncomingMessage, options: UpgradeOptions): Refusal | undefined {
  const { headers, httpVersion } = request;
  const offered = (headers.upgrade ?? '').split(',');
  if (announcesBody(request)) return refusals.body;
  if (httpVersion !== '1.1' || !offered.some(each => sameToken(each, options.token))) return needed(options);
  return lacksHost(request) ?? misdirectedRequest(options, request);
}

/** Node's servers ask for it (RFC 9112 §3.2), but not where the request is handed over as an event. */
export const lacksHost = ({ headers }: IncomingMessage): Refusal | undefined =>
  headers.host === undefined ? refusals.host : undefined;

export const announcesBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;

const needed = ({ token }: { readonly token: string }): Refusal => ({
  status: 426,
  text: `This server speaks ${token}: ask for it by an Upgrade header.`,
  headers: { upgrade: token },
});
