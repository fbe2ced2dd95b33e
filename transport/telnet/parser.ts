/**
 * Takes telnet apart: bytes in any split become runs of data, commands, negotiations and sub-negotiations, in order.
 *
 * No input makes it throw: what is against the rules becomes `malformed`, and parsing goes on behind it. At most
 * `maxSubnegotiationBytes` are kept. It parses as far as it is asked: a negotiation may change how the next byte reads.
 * Source: RFC 854, RFC 855; IAC and another byte inside a sub-negotiation stand for that byte, as in Twisted.
 */
import { IAC, SB, SE, Verb } from './codes.ts';

export type Parsed =
  | { readonly kind: 'data'; readonly data: Uint8Array }
  | { readonly kind: 'command'; readonly command: number }
  | { readonly kind: 'negotiation'; readonly verb: Verb; readonly option: number }
  | { readonly kind: 'subnegotiation'; readonly option: number; readonly data: Uint8Array }
  | { readonly kind: 'malformed'; readonly seen: string };

/** What CR LF is for the protocol; `exact` leaves every CR alone, as BINARY does. CR NUL is CR otherwise. */
export type LineEnds = 'lf' | 'crlf' | 'exact';

export interface ParserSettings {
  readonly maxSubnegotiationBytes: number;
  /** How CR is read at this moment. */
  readonly lineEnds: () => LineEnds;
}

type State = 'data' | 'cr' | 'iac' | Verb | 'sb' | 'sb-iac';

const CR = 13;
const LF = 10;
const NUL = 0;
const verbs: ReadonlySet<number> = new Set(Object.values(Verb));
const isVerb = (byte: number): byte is Verb => verbs.has(byte);

export class Parser {
  readonly #settings: ParserSettings;
  #state: State = 'data';
  #inbox: Uint8Array[] = [];
  #parsing: Iterator<Parsed, undefined> | undefined;
  /** Data of this chunk that was not passed on yet; it never grows past the chunk and one held CR. */
  #out = new Uint8Array();
  #start = 0;
  #end = 0;
  /** The sub-negotiation so far, its option first. */
  #parameters: number[] = [];
  #tooLong = false;

  constructor(settings: ParserSettings) {
    this.#settings = settings;
  }

  /** More of the stream. */
  push(chunk: Uint8Array): void {
    this.#inbox.push(chunk);
  }

  /** What the stream says next, as far as it has come. */
  next(): Parsed | undefined {
    for (;;) {
      const next = this.#parsing?.next().value;
      if (next) return next;
      const chunk = this.#inbox.shift();
      this.#parsing = chunk && this.#parse(chunk);
      if (!this.#parsing) return undefined;
    }
  }

  /** Forget what has come. */
  clear(): void {
    this.#inbox = [];
    this.#parsing = undefined;
  }

  *#parse(chunk: Uint8Array): Generator<Parsed, undefined> {
    if (this.#state === 'data' && !chunk.includes(IAC) && !chunk.includes(CR)) return yield* plain(chunk);
    this.#out = new Uint8Array(chunk.length + 1);
    this.#start = this.#end = 0;
    for (let at = 0; at < chunk.length;) {
      if (this.#state === 'data') at = this.#copyPlain(chunk, at);
      const byte = chunk[at++];
      if (byte === undefined) break;
      const parsed = this.#steps[this.#state](byte);
      if (!parsed) continue;
      yield* this.#run();
      yield parsed;
    }
    yield* this.#run();
  }

  /** The stream has ended: a CR that waited for what follows was all there was. */
  end(): Uint8Array {
    const held = this.#state === 'cr' ? Uint8Array.of(CR) : new Uint8Array();
    this.#state = 'data';
    return held;
  }

  /** Copy bytes that mean themselves; where they end. */
  #copyPlain(chunk: Uint8Array, from: number): number {
    const out = this.#out;
    let at = from;
    let end = this.#end;
    for (; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (byte === IAC || byte === CR) break;
      out[end++] = byte;
    }
    this.#end = end;
    return at;
  }

  /** The data since the last one, if there is any. */
  *#run(): Generator<Parsed, undefined> {
    if (this.#end === this.#start) return;
    const data = this.#out.subarray(this.#start, this.#end);
    this.#start = this.#end;
    yield { kind: 'data', data };
  }

  /** What one byte does in each state. It returns what is now known and is not data. */
  readonly #steps: Readonly<Record<State, (byte: number) => Parsed | undefined>> = {
    data: byte => this.#dataByte(byte),
    cr: byte => this.#afterCr(byte),
    iac: byte => this.#command(byte),
    [Verb.WILL]: option => this.#negotiation(Verb.WILL, option),
    [Verb.WONT]: option => this.#negotiation(Verb.WONT, option),
    [Verb.DO]: option => this.#negotiation(Verb.DO, option),
    [Verb.DONT]: option => this.#negotiation(Verb.DONT, option),
    sb: byte => this.#parameter(byte),
    'sb-iac': byte => (byte === SE ? this.#endOfParameters() : this.#keepParameter(byte)),
  };

  #dataByte(byte: number): undefined {
    const holds = byte === CR && this.#settings.lineEnds() !== 'exact';
    this.#state = byte === IAC ? 'iac' : holds ? 'cr' : 'data';
    if (byte !== IAC && !holds) this.#put(byte);
  }

  #afterCr(byte: number): undefined {
    if (byte !== LF || this.#settings.lineEnds() === 'crlf') this.#put(CR);
    if (byte === LF) this.#put(LF);
    if (byte === LF || byte === NUL) this.#state = 'data';
    else this.#dataByte(byte);
  }

  #command(byte: number): Parsed | undefined {
    this.#state = isVerb(byte) ? byte : byte === SB ? 'sb' : 'data';
    if (byte === SE) return malformed('the end of a sub-negotiation that was not begun');
    if (byte === IAC) this.#put(IAC);
    return this.#state !== 'data' || byte === IAC ? undefined : { kind: 'command', command: byte };
  }

  #negotiation(verb: Verb, option: number): Parsed {
    this.#state = 'data';
    return { kind: 'negotiation', verb, option };
  }

  #parameter(byte: number): undefined {
    if (byte === IAC) this.#state = 'sb-iac';
    else this.#keepParameter(byte);
  }

  #keepParameter(byte: number): undefined {
    this.#state = 'sb';
    if (this.#parameters.length > this.#settings.maxSubnegotiationBytes) this.#tooLong = true;
    else this.#parameters.push(byte);
  }

  #endOfParameters(): Parsed {
    const [option, ...data] = this.#parameters;
    const { maxSubnegotiationBytes: most } = this.#settings;
    const tooLong = this.#tooLong;
    this.#state = 'data';
    this.#parameters = [];
    this.#tooLong = false;
    if (option === undefined) return malformed('a sub-negotiation of nothing');
    if (tooLong) return malformed(`more than ${most} bytes of parameters for option ${option}`);
    return { kind: 'subnegotiation', option, data: Uint8Array.from(data) };
  }

  #put(byte: number): void {
    this.#out[this.#end++] = byte;
  }
}

function* plain(data: Uint8Array): Generator<Parsed, undefined> {
  if (data.length > 0) yield { kind: 'data', data };
}

export const malformed = (seen: string): Extract<Parsed, { kind: 'malformed' }> => ({ kind: 'malformed', seen });
