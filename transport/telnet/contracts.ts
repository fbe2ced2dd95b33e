/**
 * What telnet adds to a connection, and what a protocol may hear besides bytes. After Twisted's ITelnetTransport.
 *
 * A side is where an option is performed: `local` is ours, what WILL and DO agree on when we say WILL; `remote` is the
 * peer's. Options are numbers, `TelnetOption` names some.
 */
import type { IConnection, IProtocol, IResizable, TerminalSize } from '../contracts.ts';

export type TelnetSide = 'local' | 'remote';

/**
 * A connection that speaks telnet. Each of the four words asks for a state of an option, and resolves with whether the
 * option is on when the negotiation has settled: at once if nothing is to be asked, and as it was if the peer does not
 * answer within `answerTime`. Asking again, or for the opposite, before the answer has come is no error: what was asked
 * last is what is negotiated (RFC 1143), and everybody who waits is told how it settled.
 * They reject with ConnectionLostError when the connection ends first, and with LocalMisuseError for what is no option;
 * a promise that nobody looks at is no unhandled rejection.
 */
export interface ITelnetTransport extends IConnection, IResizable {
  /** Offer to perform an option ourselves. */
  will(option: number): Promise<boolean>;
  /** Stop performing it; this cannot be refused. */
  wont(option: number): Promise<boolean>;
  /** Ask the peer to perform an option. */
  do(option: number): Promise<boolean>;
  /** Ask the peer to stop; this cannot be refused. */
  dont(option: number): Promise<boolean>;
  /** Whether an option is on at that side now; one that was asked to stop is, until that is acknowledged. */
  isEnabled(side: TelnetSide, option: number): boolean;
  /** Send parameters of an option (IAC SB … IAC SE), in order with what is written. */
  requestNegotiation(option: number, data: Uint8Array): void;
  /** Send a command of one byte, such as `TelnetCommand.AYT`, in order with what is written. 236 to 249, without SE. */
  sendCommand(command: number): void;
  /** Our terminal has this size now: tells the peer, if NAWS is on at our side, and whenever it is turned on. */
  resize(size: TerminalSize): void;
}

/** A variable of the peer's. Everything in it is only the peer's word: never give it to a program unlooked at. */
export interface TelnetVariable {
  readonly name: string;
  /** Undefined: the peer knows the name, and has no value for it. */
  readonly value: string | undefined;
  /** One of the names that RFC 1572 knows (USER, DISPLAY …), or the user's own. */
  readonly kind: 'well-known' | 'user';
}

/** What the peer has said besides bytes. */
export type TelnetEvent =
  /** IAC and this byte; `TelnetCommand` names what RFC 854 knows, but a peer may send others. */
  | { readonly kind: 'command'; readonly command: number }
  /** An option was turned on or off, by either end. */
  | { readonly kind: 'option'; readonly option: number; readonly side: TelnetSide; readonly enabled: boolean }
  /** The peer's terminal has this size, 0 where it does not know (RFC 1073). */
  | { readonly kind: 'size'; readonly size: TerminalSize }
  /** A name of the peer's terminal, in lower case (RFC 1091). */
  | { readonly kind: 'terminal-type'; readonly name: string }
  /** Variables of the peer's (RFC 1572). */
  | { readonly kind: 'environment'; readonly variables: readonly TelnetVariable[] }
  /** The mode of line editing that the peer asks for or has agreed to (RFC 1184 §2.2): EDIT 1, TRAPSIG 2 … */
  | { readonly kind: 'line-mode'; readonly mask: number; readonly acknowledged: boolean }
  /** Parameters of an option that nacre does not know, whether it is on or not. */
  | { readonly kind: 'subnegotiation'; readonly option: number; readonly data: Uint8Array }
  /** Something against the rules, which was left out; for logs. */
  | { readonly kind: 'malformed'; readonly seen: string };

/** A protocol that wants to hear more than bytes. Any other protocol gets the bytes alone. */
export interface ITelnetProtocol extends IProtocol {
  makeConnection(transport: ITelnetTransport): void;
  /** Called in order with `dataReceived`, and, like it, not while paused and not after `loseConnection`. */
  telnetReceived(event: TelnetEvent): void;
}
