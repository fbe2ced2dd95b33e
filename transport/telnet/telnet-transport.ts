/**
 * The endpoint of a telnet connection: what its medium parses goes to the negotiation, to the parameters of options, or
 * to the protocol, and what these have to say goes out as commands.
 */
import type { CloseReason } from '../close-reason.ts';
import type { IProtocol, IStreamTransport, TerminalSize } from '../contracts.ts';
import { Endpoint } from '../endpoint.ts';
import { asError, LocalMisuseError } from '../errors.ts';
import { IAC, SE, TelnetOption, Verb } from './codes.ts';
import type { ITelnetProtocol, ITelnetTransport, TelnetEvent, TelnetSide } from './contracts.ts';
import { subnegotiation } from './encoding.ts';
import type { MediumListener, TelnetMedium } from './medium.ts';
import { isOption, Negotiation, type NegotiationListener } from './negotiation.ts';
import type { TelnetSettings } from './options.ts';
import type { Effect, Outward } from './outgoing.ts';
import { OptionParameters } from './parameters.ts';
import type { LineEnds, Parsed } from './parser.ts';

export class TelnetTransport extends Endpoint implements ITelnetTransport, MediumListener, NegotiationListener {
  readonly #medium: TelnetMedium;
  readonly #lineEnds: LineEnds;
  readonly #negotiation: Negotiation;
  readonly #parameters: OptionParameters;
  #protocol: IProtocol | undefined;
  #hears = true;

  constructor(medium: TelnetMedium, below: IStreamTransport, settings: TelnetSettings) {
    super(medium, { peer: below.getPeer(), host: below.getHost() }, settings.limits);
    this.#medium = medium;
    this.#lineEnds = settings.lineEnds;
    this.#negotiation = new Negotiation(settings, this);
    this.#parameters = new OptionParameters(settings, (option, data) => this.requestNegotiation(option, data));
    medium.listen(this, this);
  }

  override start(protocol: IProtocol): void {
    this.#protocol ??= protocol;
    super.start(protocol);
  }

  override loseConnection(): void {
    this.#hears = false;
    super.loseConnection();
  }

  will(option: number): Promise<boolean> {
    return this.#negotiation.ask('local', option, 'want-on');
  }

  wont(option: number): Promise<boolean> {
    return this.#negotiation.ask('local', option, 'want-off');
  }

  do(option: number): Promise<boolean> {
    return this.#negotiation.ask('remote', option, 'want-on');
  }

  dont(option: number): Promise<boolean> {
    return this.#negotiation.ask('remote', option, 'want-off');
  }

  isEnabled(side: TelnetSide, option: number): boolean {
    return this.#negotiation.isEnabled(side, option);
  }

  requestNegotiation(option: number, data: Uint8Array): void {
    if (!isOption(option)) throw new LocalMisuseError(`an option is a number from 0 to 255, got ${option}`);
    this.#medium.command(subnegotiation(option, data));
  }

  sendCommand(command: number): void {
    const may = Number.isInteger(command) && command >= 236 && command <= 249 && command !== SE;
    if (!may) throw new LocalMisuseError(`a command is a number from 236 to 249, without 240; got ${command}`);
    this.#medium.command(Uint8Array.of(IAC, command));
  }

  resize(size: TerminalSize): void {
    const columns = clamp(size.columns);
    const rows = clamp(size.rows);
    this.#parameters.resize({ ...size, columns, rows }, this.isEnabled('local', TelnetOption.NAWS));
  }

  // — what the medium calls —

  parsed(what: Exclude<Parsed, { kind: 'data' }>): void {
    if (what.kind === 'negotiation') this.#negotiation.verbReceived(what.verb, what.option);
    else if (what.kind === 'subnegotiation') this.#parametersReceived(what.option, what.data);
    else this.#tell(what);
  }

  lineEnds(): LineEnds {
    return this.isEnabled('remote', TelnetOption.BINARY) ? 'exact' : this.#lineEnds;
  }

  over(reason: CloseReason): void {
    this.#hears = false;
    this.#negotiation.connectionLost(reason);
  }

  // — what the negotiation calls —

  sendVerb(verb: Verb, option: number): void {
    this.#medium.command(Uint8Array.of(IAC, verb, option), this.#effectOf(verb, option));
  }

  optionChanged(side: TelnetSide, option: number, enabled: boolean): void {
    if (enabled) this.#parameters.turnedOn(side, option);
    this.#tell({ kind: 'option', option, side, enabled });
  }

  optionSettled(side: TelnetSide, option: number): void {
    if (side === 'local' && option === TelnetOption.BINARY) this.#medium.release(this.#outward());
  }

  /** BINARY begins and ends for our data where WILL and WONT stand in it (RFC 854, RFC 856). */
  #effectOf(verb: Verb, option: number): Effect | undefined {
    if (option !== TelnetOption.BINARY) return undefined;
    if (verb === Verb.WONT) return () => 'nvt';
    if (verb !== Verb.WILL) return undefined;
    return this.isEnabled('local', option) ? () => 'binary' : () => this.#outward();
  }

  #outward(): Outward {
    if (this.#negotiation.isWaiting('local', TelnetOption.BINARY)) return 'hold';
    return this.isEnabled('local', TelnetOption.BINARY) ? 'binary' : 'nvt';
  }

  #parametersReceived(option: number, data: Uint8Array): void {
    const event = this.#parameters.received(option, data, side => this.isEnabled(side, option));
    if (event) this.#tell(event);
  }

  /** A protocol that throws here loses its connection, as in `dataReceived`. */
  #tell(event: TelnetEvent): void {
    const protocol = this.#protocol;
    if (!this.#hears || !protocol || !isTelnetProtocol(protocol)) return;
    try {
      protocol.telnetReceived(event);
    } catch (error) {
      this.ended({ kind: 'protocol-error', error: asError(error) });
    }
  }
}

const isTelnetProtocol = (protocol: IProtocol): protocol is ITelnetProtocol => 'telnetReceived' in protocol;

/** What NAWS can say. */
const clamp = (cells: number): number => Math.min(65_535, Math.max(0, Math.trunc(cells) || 0));
