/**
 * Telnet between an endpoint and the connection below it: what the endpoint sends is encoded, what comes is parsed.
 *
 * Commands travel in the endpoint's queue, as chunks that are known here by identity, so that they keep their place
 * among the bytes. Between our WILL BINARY and the answer no data goes out, because nobody can say how it would be read
 * (RFC 854 advises it); commands then overtake. A peer that makes us answer and does not read is read no further.
 */
import { isOrderly, type CloseReason } from '../close-reason.ts';
import type { IHalfCloseableProtocol, IPullProducer, IStreamTransport } from '../contracts.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Medium } from '../medium.ts';
import type { TelnetSettings } from './options.ts';
import { Outgoing, type Effect, type Outward } from './outgoing.ts';
import { Parser, type LineEnds, type Parsed } from './parser.ts';

export interface MediumListener {
  /** Something that is not data. Nothing is parsed before this has returned. */
  parsed(what: Exclude<Parsed, { kind: 'data' }>): void;
  /** How CR is read at this moment. */
  lineEnds(): LineEnds;
  /** The endpoint has ended. */
  over(reason: CloseReason): void;
}

/** Commands waiting to go out, above which we listen no further. */
const mostCommands = 1_000;

export class TelnetMedium implements Medium, IPullProducer, IHalfCloseableProtocol {
  readonly #below: IStreamTransport;
  readonly #parser: Parser;
  #endpoint: Endpoint | undefined;
  #listener: MediumListener | undefined;
  #state: 'open' | 'ended' | 'over' = 'open';
  readonly #outgoing: Outgoing;
  #taken: (() => void) | undefined;
  #sentEof = (): void => undefined;
  /** Whether the connection below has sent all that we gave it. */
  #roomBelow = false;
  #unsentCommands = 0;

  #reading = false;
  #pumping = false;

  constructor(below: IStreamTransport, { lineEnds, maxSubnegotiationBytes }: TelnetSettings) {
    this.#below = below;
    this.#outgoing = new Outgoing(lineEnds);
    this.#parser = new Parser({ maxSubnegotiationBytes, lineEnds: () => this.#listener?.lineEnds() ?? lineEnds });
  }

  listen(endpoint: Endpoint, listener: MediumListener): void {
    this.#endpoint = endpoint;
    this.#listener = listener;
    this.#below.pauseProducing();
    this.#below.registerProducer(this, false);
  }

  // — commands —

  /** Send `bytes` as they are, with this effect on the data behind them, in order with what is written. */
  command(bytes: Uint8Array, effect?: Effect): void {
    if (this.#state !== 'open') return;
    this.#unsentCommands += 1;
    if (this.#unsentCommands === mostCommands) this.#below.pauseProducing();
    this.#outgoing.mark(bytes, effect);
    if (this.#outgoing.holds) this.#sendBelow([this.#outgoing.pass(bytes)]);
    else this.#endpoint?.write(bytes);
  }

  /** What held the data back is settled. */
  release(outward: Outward): void {
    this.#outgoing.release(outward);
    this.#advance();
  }

  // — what the endpoint calls —

  send(chunks: readonly Uint8Array[], taken: () => void): void {
    this.#outgoing.push(chunks);
    this.#taken = taken;
    this.#advance();
  }

  sendEof(sent: () => void): void {
    this.#state = 'ended';
    this.#sentEof = sent;
    this.#below.unregisterProducer();
    this.#below.loseWriteConnection();
  }

  startReading(): void {
    this.#reading = true;
    queueMicrotask(() => this.#pump());
  }

  stopReading(): void {
    this.#reading = false;
    this.#below.pauseProducing();
  }

  close(reason: CloseReason): void {
    this.#end(reason);
    this.#below.unregisterProducer();
    this.#below.loseConnection();
  }

  destroy(reason: CloseReason): void {
    this.#end(reason);
    this.#below.abortConnection();
  }

  // — what the connection below calls —

  makeConnection(): void {
    // It was there before us.
  }

  dataReceived(data: Uint8Array): void {
    this.#parser.push(data);
    this.#pump();
  }

  readConnectionLost(): void {
    this.#receiveHeld();
    this.#endpoint?.receivedEof();
  }

  writeConnectionLost(): void {
    this.#sentEof();
  }

  connectionLost(reason: CloseReason): void {
    if (!isOrderly(reason)) return this.#endpoint?.ended(reason);
    this.#receiveHeld();
    this.#endpoint?.receivedClose(reason);
  }

  /** All that we gave has been sent: there is room. */
  resumeProducing(): void {
    this.#roomBelow = true;
    this.#advance();
    const wasStuck = this.#unsentCommands >= mostCommands;
    this.#unsentCommands = 0;
    if (wasStuck) queueMicrotask(() => this.#pump());
  }

  stopProducing(): void {
    // The connection below says why in connectionLost.
  }

  // — outwards —

  #advance(): void {
    if (this.#state !== 'open' || !this.#roomBelow) return;
    const pieces = this.#outgoing.take();
    if (pieces.length > 0) this.#sendBelow(pieces);
    else if (this.#outgoing.isEmpty) this.#tellTaken();
  }

  #sendBelow(pieces: readonly Uint8Array[]): void {
    this.#roomBelow = false;
    this.#below.writeSequence(pieces);
  }

  #tellTaken(): void {
    const taken = this.#taken;
    this.#taken = undefined;
    taken?.();
  }

  // — inwards —

  get #mayRead(): boolean {
    return this.#reading && this.#state !== 'over' && this.#unsentCommands < mostCommands;
  }

  /** Parse as far as the protocol wants it. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#mayRead) {
      const next = this.#parser.next();
      if (!next) break;
      if (next.kind === 'data') this.#endpoint?.received(next.data);
      else this.#listener?.parsed(next);
    }
    this.#pumping = false;
    if (this.#mayRead) this.#below.resumeProducing();
  }

  #receiveHeld(): void {
    this.#endpoint?.received(this.#parser.end());
  }

  #end(reason: CloseReason): void {
    this.#state = 'over';
    this.#outgoing.clear();
    this.#parser.clear();
    this.#listener?.over(reason);
  }
}
