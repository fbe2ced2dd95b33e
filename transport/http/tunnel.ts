/**
 * HTTP/1.1 CONNECT: a tunnel to a target through a proxy; after an answer of 2xx the connection is plain bytes.
 *
 * The server connects to nothing by itself: the protocol that it is given decides what a target means, and without one
 * the peer is refused. Source: RFC 9110 §9.3.6 (CONNECT); RFC 9112 §3.2.3 (authority-form).
 */
import type { IncomingMessage } from 'node:http';
import type { Address } from '../address.ts';
import type { IConnection, IProtocol } from '../contracts.ts';
import { ConfigError } from '../errors.ts';
import { attempted, openRequest, type ConnectHttpOptions } from './http1-client.ts';
import { listenHttp1, protocolOrRefusal, type HttpListener } from './http1-server.ts';
import { httpDefaults, type HttpOptions, type ListenHttpOptions } from './http-options.ts';
import { endsOf } from './http-socket.ts';
import { isRefusal, refusals, refuse, refusedBy, refuseOnSocket, type Refusal } from './refusal.ts';
import { socketConnection } from './socket-transport.ts';
import { announcesBody, lacksHost, type UpgradeEvent } from './upgrade.ts';

/** Where a peer wants to be connected to: a name or an address, and a port. */
export interface TunnelTarget {
  /** Without brackets, in lower case. */
  readonly host: string;
  readonly port: number;
}

export interface TunnelOptions extends HttpOptions {
  /** Told when building a protocol threw; the peer was refused. @default a process warning */
  readonly onError?: (error: Error) => void;
}

export interface ConnectTunnelOptions extends ConnectHttpOptions {
  /** The proxy. */
  readonly url: string;
  /** What to ask it for, as `host:port`; an IPv6 address in brackets. */
  readonly target: string;
}

/** Makes the protocol for a tunnel to `target`; undefined refuses it (403). */
export type BuildTunnel = (target: TunnelTarget, peer: Address, request: IncomingMessage) => IProtocol | undefined;

const badTarget: Refusal = { status: 400, text: 'The target must be host:port.' };
const onlyTunnels: Refusal = {
  status: 405,
  text: 'This server makes tunnels: use CONNECT.',
  headers: { allow: 'CONNECT' },
};

/** Answer the 'connect' event of a `node:http` server of your own. The socket is owned from here on, refused or not. */
export function acceptTunnel(
  { request, socket, head }: UpgradeEvent,
  options: TunnelOptions,
  build: BuildTunnel,
): void {
  const target = targetOf(request.url);
  const answer =
    whyNot(request) ?? answerTo(target, tunnelTo => build(tunnelTo, endsOf(socket).peer, request), options);
  if (isRefusal(answer)) return refuseOnSocket(socket, answer, options.abortTimeout ?? httpDefaults.abortTimeout);
  socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  socketConnection(socket, head, answer, options);
}

/** Listen for CONNECT, and give each tunnel to the protocol that `buildTunnel` makes for its target. */
export function listenTunnel(options: ListenHttpOptions, buildTunnel: BuildTunnel): Promise<HttpListener> {
  return listenHttp1(options, server => {
    server.on('connect', (request, socket, head) => acceptTunnel({ request, socket, head }, options, buildTunnel));
    server.on('request', (_request, response) => refuse(response, onlyTunnels));
  });
}

/**
 * Ask a proxy for a tunnel, and give it to `protocol`. Rejects with the system's error, with the proxy's answer where it
 * is not 2xx (code `HTTP_407` …), or with the signal's reason.
 */
export async function connectTunnel(options: ConnectTunnelOptions, protocol?: IProtocol): Promise<IConnection> {
  const { target } = options;
  if (!targetOf(target)) throw new ConfigError('target', `must be host:port, got ${JSON.stringify(target)}`);
  const request = openRequest(options, { method: 'CONNECT', target, headers: { host: target } });
  return attempted(
    options,
    () => request.destroy(),
    (resolve, reject) => {
      request.on('connect', (response, socket, head) => {
        const { statusCode = 0 } = response;
        if (statusCode >= 200 && statusCode < 300) return resolve(socketConnection(socket, head, protocol, options));
        socket.destroy();
        reject(refusedBy(response, `a tunnel to ${target}`));
      });
      request.on('error', reject);
      request.end();
    },
  );
}

const whyNot = (request: IncomingMessage): Refusal | undefined => {
  if (request.httpVersion !== '1.1') return refusals.version;
  return announcesBody(request) ? refusals.body : lacksHost(request);
};

const answerTo = (
  target: TunnelTarget | undefined,
  build: (target: TunnelTarget) => IProtocol | undefined,
  { onError }: TunnelOptions,
): IProtocol | Refusal => (target ? protocolOrRefusal(() => build(target), onError) : badTarget);

/** Names, IPv4 addresses, and IPv6 addresses in brackets; no user, no path, no port 0. */
const authority = /^(?:\[([0-9a-f:.]{2,45})\]|([0-9a-z._-]{1,253})):([0-9]{1,5})$/i;

function targetOf(text = ''): TunnelTarget | undefined {
  const [, address, name, digits] = authority.exec(text) ?? [];
  const host = address ?? name;
  const port = Number(digits);
  if (host === undefined || port < 1 || port > 65_535) return undefined;
  return Object.freeze({ host: host.toLowerCase(), port });
}
