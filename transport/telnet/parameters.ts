/**
 * What nacre knows to say and to hear in sub-negotiations: NAWS, TERMINAL_TYPE, NEW_ENVIRON, and LINEMODE's MODE.
 *
 * Each answers only while its option is on at the side that it is about. It tells what the peer has said and decides
 * nothing. Source: RFC 1073, RFC 1091, RFC 1572, RFC 1184 §2.2.
 */
import type { TerminalSize } from '../contracts.ts';
import { TelnetOption } from './codes.ts';
import type { TelnetEvent, TelnetSide } from './contracts.ts';
import { answerVariables, decodeVariables } from './environment.ts';
import type { TelnetSettings } from './options.ts';
import { malformed } from './parser.ts';

const IS = 0;
const SEND = 1;
const INFO = 2;
const MODE = 1;
const MODE_ACK = 4;

type Send = (option: number, data: Uint8Array) => void;
type IsOn = (side: TelnetSide) => boolean;

interface Knowledge {
  /** What is said when the option is turned on at a side. */
  readonly turnedOn: Partial<Record<TelnetSide, () => void>>;
  /** What the peer's parameters mean; undefined is nothing to tell. */
  readonly received: (data: Uint8Array, isOn: IsOn) => TelnetEvent | undefined;
}

export class OptionParameters {
  readonly #settings: TelnetSettings;
  readonly #send: Send;
  #size: TerminalSize | undefined;
  /** How many names of our terminal we have told. */
  #typesTold = 0;
  #lineMode: number | undefined;

  constructor(settings: TelnetSettings, send: Send) {
    this.#settings = settings;
    this.#size = settings.size;
    this.#send = send;
  }

  turnedOn(side: TelnetSide, option: number): void {
    this.#known.get(option)?.turnedOn[side]?.();
  }

  /** What the peer has said; parameters that nobody here knows are told as they are. */
  received(option: number, data: Uint8Array, isOn: IsOn): TelnetEvent | undefined {
    const known = this.#known.get(option);
    if (!known) return { kind: 'subnegotiation', option, data };
    if (!isOn('local') && !isOn('remote')) return malformed(`parameters for option ${option}, which is off`);
    return known.received(data, isOn);
  }

  resize(size: TerminalSize, isOn: boolean): void {
    this.#size = size;
    if (isOn) this.#sendSize();
  }

  readonly #known: ReadonlyMap<number, Knowledge> = new Map([
    [
      TelnetOption.NAWS,
      {
        turnedOn: { local: () => this.#sendSize() },
        received: (data, isOn) => (isOn('remote') && sizeIn(data)) || malformed('a window size that is none'),
      },
    ],
    [
      TelnetOption.TERMINAL_TYPE,
      {
        turnedOn: { remote: () => this.#send(TelnetOption.TERMINAL_TYPE, Uint8Array.of(SEND)) },
        received: (data, isOn) => this.#typeReceived(data, isOn),
      },
    ],
    [
      TelnetOption.NEW_ENVIRON,
      {
        turnedOn: { remote: () => this.#send(TelnetOption.NEW_ENVIRON, Uint8Array.of(SEND)) },
        received: (data, isOn) => this.#environmentReceived(data, isOn),
      },
    ],
    [
      TelnetOption.LINEMODE,
      {
        turnedOn: { remote: () => this.#askForLineMode() },
        received: (data, isOn) => this.#lineModeReceived(data, isOn),
      },
    ],
  ] satisfies Array<[number, Knowledge]>);

  #sendSize(): void {
    if (!this.#size) return;
    const data = Buffer.alloc(4);
    data.writeUInt16BE(this.#size.columns, 0);
    data.writeUInt16BE(this.#size.rows, 2);
    this.#send(TelnetOption.NAWS, data);
  }

  /** The best name first, then the next each time; the last is told twice, which ends the list, and then the first. */
  #typeReceived([what, ...name]: Uint8Array, isOn: IsOn): TelnetEvent | undefined {
    const text = Buffer.from(name).toString('latin1');
    if (what === IS && isOn('remote') && /^[\x20-\x7e]{1,40}$/.test(text)) {
      return { kind: 'terminal-type', name: text.toLowerCase() };
    }
    if (what !== SEND || !isOn('local')) return malformed('a terminal type that is none');
    const types = this.#settings.terminalTypes;
    const next = Math.min(this.#typesTold, types.length - 1);
    this.#typesTold = this.#typesTold >= types.length ? 0 : this.#typesTold + 1;
    this.#send(TelnetOption.TERMINAL_TYPE, Buffer.from(`\0${types[next] ?? 'unknown'}`, 'latin1'));
    return undefined;
  }

  #environmentReceived([what, ...rest]: Uint8Array, isOn: IsOn): TelnetEvent | undefined {
    const variables = decodeVariables(Uint8Array.from(rest));
    if (!variables) return malformed('an environment that is none');
    if ((what === IS || what === INFO) && isOn('remote')) return { kind: 'environment', variables };
    if (what !== SEND || !isOn('local')) return malformed('an environment that is none');
    const answer = answerVariables(this.#settings.environment, variables);
    this.#send(TelnetOption.NEW_ENVIRON, Uint8Array.of(IS, ...answer));
    return undefined;
  }

  #askForLineMode(): void {
    const { lineMode } = this.#settings;
    if (lineMode !== undefined) this.#send(TelnetOption.LINEMODE, Uint8Array.of(MODE, lineMode));
  }

  /** A mode is acknowledged by whoever performs LINEMODE; the one that it has, and an acknowledgement, are not. */
  #lineModeReceived([what, flags, ...rest]: Uint8Array, isOn: IsOn): TelnetEvent | undefined {
    if (what !== MODE) return undefined;
    if (flags === undefined || rest.length > 0) return malformed('a line mode that is none');
    const acknowledged = (flags & MODE_ACK) !== 0;
    const mask = flags & ~MODE_ACK;
    if (!acknowledged && isOn('local')) {
      if (mask === this.#lineMode) return undefined;
      this.#lineMode = mask;
      this.#send(TelnetOption.LINEMODE, Uint8Array.of(MODE, mask | MODE_ACK));
    }
    return { kind: 'line-mode', mask, acknowledged };
  }
}

function sizeIn(data: Uint8Array): TelnetEvent | undefined {
  if (data.length !== 4) return undefined;
  const view = Buffer.from(data);
  const [columns, rows] = [view.readUInt16BE(0), view.readUInt16BE(2)];
  return { kind: 'size', size: { columns, rows, widthPixels: 0, heightPixels: 0 } };
}
