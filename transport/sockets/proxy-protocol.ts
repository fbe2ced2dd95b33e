/**
 * A connection that came through a proxy: the PROXY protocol header is read first, and the protocol above then sees the
 * connection as the client made it: the client's address, and every byte behind the header.
 *
 * Give it only connections from proxies that you trust: the header says whatever its sender likes. It works on any
 * transport of ours and keeps its promises (contracts.ts); the parser is proxy-header.ts.
 */
import type { CloseReason } from '../close-reason.ts';
import type { IHalfCloseableProtocol, IProtocol, IStreamTransport } from '../contracts.ts';
import { isHalfCloseable } from '../endpoint.ts';
import { asError, RemoteProtocolError } from '../errors.ts';
import { ProxiedTransport } from './proxied-transport.ts';
import { readProxyHeader, type ProxiedEnds, type ProxyHeader } from './proxy-header.ts';

export interface ProxyProtocolOptions {
  /** Must there be a header? If not, a connection that begins otherwise is taken as it is. */
  readonly required: boolean;
  /**
   * How long the header may take, in milliseconds. When it is over, a connection is ended if a header is required, and
   * otherwise taken as it is. @default 5_000
   */
  readonly timeout?: number;
  /** The connection ended before anybody was asked to take it. */
  readonly refused?: (reason: CloseReason) => void;
}

/** What the header said, once: the ends of the connection, and whether they are those of the proxy's own connection. */
export interface ProxiedConnection extends ProxiedEnds {
  readonly direct: boolean;
}

/**
 * The protocol for a connection from a proxy. `accept` gives the protocol for the client, or undefined to refuse it.
 * A broken header, or none where one is required, ends the connection with a RemoteProtocolError as the reason.
 */
export const proxyProtocol = (
  options: ProxyProtocolOptions,
  accept: (connection: ProxiedConnection) => IProtocol | undefined,
): ProxyProtocol => new HeaderReader(options, accept);

export interface ProxyProtocol extends IHalfCloseableProtocol {
  /** Drop the connection. */
  abort(): void;
}

class HeaderReader implements ProxyProtocol {
  readonly #options: ProxyProtocolOptions;
  readonly #accept: (connection: ProxiedConnection) => IProtocol | undefined;
  #seen = Buffer.alloc(0);
  #timer: NodeJS.Timeout | undefined;
  #below: IStreamTransport | undefined;
  #asked = false;
  #above: { readonly protocol: IProtocol; readonly transport: ProxiedTransport } | undefined;
  /** What we ended the connection for: the transport below only says that it was aborted. */
  #failure: Error | undefined;

  constructor(options: ProxyProtocolOptions, accept: (connection: ProxiedConnection) => IProtocol | undefined) {
    this.#options = options;
    this.#accept = accept;
  }

  abort(): void {
    this.#below?.abortConnection();
  }

  makeConnection(transport: IStreamTransport): void {
    this.#below = transport;
    const { timeout = 5_000 } = this.#options;
    this.#timer = setTimeout(() => this.#guard(() => this.#late(timeout)), timeout);
  }

  dataReceived(data: Uint8Array): void {
    if (this.#above) return this.#above.protocol.dataReceived(data);
    this.#seen = Buffer.concat([this.#seen, data]);
    const header = readProxyHeader(this.#seen);
    if (header === 'none') this.#withoutHeader('no header, but something else');
    else if (header !== 'more') this.#withHeader(header);
  }

  readConnectionLost(): void {
    if (!this.#above) return this.#below?.loseConnection();
    const { protocol, transport } = this.#above;
    if (isHalfCloseable(protocol)) protocol.readConnectionLost();
    else transport.endBehindQueue();
  }

  writeConnectionLost(): void {
    if (this.#above && isHalfCloseable(this.#above.protocol)) this.#above.protocol.writeConnectionLost();
  }

  connectionLost(reason: CloseReason): void {
    clearTimeout(this.#timer);
    this.#seen = Buffer.alloc(0);
    const why: CloseReason = this.#failure ? { kind: 'protocol-error', error: this.#failure } : reason;
    if (!this.#asked) this.#options.refused?.(why);
    this.#above?.transport.over();
    this.#above?.protocol.connectionLost(why);
  }

  #late(timeout: number): void {
    this.#withoutHeader(`no header within ${timeout} ms`);
  }

  #withoutHeader(seen: string): void {
    if (this.#options.required) throw new RemoteProtocolError('PROXY protocol §2', seen);
    this.#withHeader({ version: 1, ends: undefined, length: 0 });
  }

  #withHeader({ ends, length }: ProxyHeader): void {
    clearTimeout(this.#timer);
    const below = this.#below;
    if (!below) return;
    const connection = ends ?? { peer: below.getPeer(), host: below.getHost() };
    this.#asked = true;
    const protocol = this.#accept({ ...connection, direct: ends === undefined });
    if (!protocol) return below.abortConnection();
    const transport = new ProxiedTransport(below, connection, rest => this.#guard(() => protocol.dataReceived(rest)));
    this.#above = { protocol, transport };
    const rest = this.#seen.subarray(length);
    this.#seen = Buffer.alloc(0);
    protocol.makeConnection(transport);
    transport.deliver(rest);
  }

  /** For calls that do not come from below: there, what is thrown ends the connection by itself. */
  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#failure = asError(error);
      this.#below?.abortConnection();
    }
  }
}
