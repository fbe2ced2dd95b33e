/**
 * Telnet over any connection: bytes both ways, with options, commands and parameters beside them.
 *
 * The two ends are alike; who is the server is said by what each offers and asks for. Nothing that the peer wants is
 * agreed to unless the options name it. What the peer sends cannot make this throw, loop or grow: requests are answered
 * once (RFC 1143), parameters have a bound, what breaks the rules is left out and told.
 * Source: RFC 854, RFC 855, RFC 856 and the RFCs of the options; after Twisted's TelnetTransport, whose faults
 * test/vectors/telnet-differences.ts lists.
 */
import type { CloseReason } from '../close-reason.ts';
import type { IConnection, IHalfCloseableProtocol, IProtocol, IStreamTransport } from '../contracts.ts';
import type { ITelnetTransport } from './contracts.ts';
import { TelnetMedium } from './medium.ts';
import { resolveTelnetOptions, type TelnetOptions, type TelnetSettings } from './options.ts';
import { TelnetTransport } from './telnet-transport.ts';

/**
 * Speak telnet on `connection`, and give what is carried to `protocol`, or make it a connection that waits for one.
 * The connection below is owned from now on. Throws ConfigError.
 */
export function fromTelnet(
  connection: IConnection,
  protocol?: IProtocol,
  options: TelnetOptions = {},
): ITelnetTransport {
  const { transport, medium } = over(connection, resolveTelnetOptions(options));
  connection.start(medium);
  if (protocol) transport.start(protocol);
  return transport;
}

/** A protocol to give to a listener or a connector: it speaks telnet, and `protocol` hears the rest. Throws ConfigError. */
export function telnet(protocol: IProtocol, options: TelnetOptions = {}): IHalfCloseableProtocol {
  return new TelnetLayer(protocol, resolveTelnetOptions(options));
}

class TelnetLayer implements IHalfCloseableProtocol {
  readonly #protocol: IProtocol;
  readonly #settings: TelnetSettings;
  #medium: TelnetMedium | undefined;

  constructor(protocol: IProtocol, settings: TelnetSettings) {
    this.#protocol = protocol;
    this.#settings = settings;
  }

  makeConnection(below: IStreamTransport): void {
    const { transport, medium } = over(below, this.#settings);
    this.#medium = medium;
    transport.start(this.#protocol);
  }

  dataReceived(data: Uint8Array): void {
    this.#medium?.dataReceived(data);
  }

  readConnectionLost(): void {
    this.#medium?.readConnectionLost();
  }

  writeConnectionLost(): void {
    this.#medium?.writeConnectionLost();
  }

  connectionLost(reason: CloseReason): void {
    this.#medium?.connectionLost(reason);
  }
}

function over(below: IStreamTransport, settings: TelnetSettings): { transport: TelnetTransport; medium: TelnetMedium } {
  const medium = new TelnetMedium(below, settings);
  return { transport: new TelnetTransport(medium, below, settings), medium };
}
