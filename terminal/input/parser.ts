/**
 * Cuts what a terminal sends into text, control characters, sequences and pastes; state-table.ts says how.
 *
 * It gives no meaning to any of them, has no clock, never throws, and its result does not depend on how the bytes are
 * split. A lone ESC, or an introducer behind which nothing came, waits for `flush`; a sequence that was left unfinished
 * for `abandon`. Memory is bounded: of a sequence or paste longer than its limit, the rest is dropped.
 */
import { PasteScanner } from './paste-scanner.ts';
import { SequenceBuffer } from '../parsing/sequence-buffer.ts';
import { table, type Action } from './state-table.ts';

/** Who is told, in order. Slices of `data` are only good during the call; `sequence` is the callee's to keep. */
export interface ParserSink {
  /** Printable ASCII, and any bytes above, from `start` to `end`. UTF-8 is not checked here. */
  text(data: Uint8Array, start: number, end: number): void;
  /** C0 (ECMA-48 §5.2) or DEL, as a key. */
  control(byte: number): void;
  /** The next key was preceded by ESC. */
  alt(): void;
  /** From its ESC to its last byte; cut off when `complete` is false. A second ESC in front was Alt, and is told. */
  sequence(sequence: Uint8Array, complete: boolean): void;
  /** Bytes of a paste. */
  pasted(data: Uint8Array, start: number, end: number): void;
  pasteEnded(): void;
}

const ESC = 0x1b;
const escape = table.state('escape');
const ground = table.state('ground');
const paste = table.state('paste');
const stringEscape = table.state('string-escape');

/** States in which what has come may be keys, if nothing follows. */
const ambiguous: ReadonlySet<number> = new Set(
  (['escape', 'escape-escape', 'csi', 'ss3', 'string'] as const).map(name => table.state(name)),
);

export class InputParser {
  readonly #sink: ParserSink;
  readonly #collected: SequenceBuffer;
  readonly #endsAtDollar: (sequence: Uint8Array) => boolean;
  readonly #paste: PasteScanner;
  #state = ground;

  /** `endsAtDollar` says whether the sequence so far, ending in `$`, is complete: rxvt's keys with shift are. */
  constructor(sink: ParserSink, limit: number, endsAtDollar: (sequence: Uint8Array) => boolean) {
    this.#sink = sink;
    this.#collected = new SequenceBuffer(limit);
    this.#endsAtDollar = endsAtDollar;
    this.#paste = new PasteScanner((data, start, end) => sink.pasted(data, start, end));
  }

  /** In the middle of a sequence, or after a lone ESC. A paste that goes on is not waited for. */
  get isWaiting(): boolean {
    return this.#state !== ground && this.#state !== paste;
  }

  /** What has come may be a key by itself: `flush` would say so. */
  get isAmbiguous(): boolean {
    if (this.#state === stringEscape) return this.#collected.length === 3;
    return ambiguous.has(this.#state) && this.#collected.length <= (this.#collected.isDoubled ? 3 : 2);
  }

  feed(data: Uint8Array): void {
    let at = 0;
    while (at < data.length) at = this.#takeFrom(data, at);
  }

  /** Nothing has followed in time: what waits is keys. Does nothing where it is more than an introducer. */
  flush(): void {
    if (!this.isAmbiguous) return;
    const isEscaped = this.#takeEscapeBack();
    const { last, isDoubled } = this.#collected;
    const introduced = last !== ESC;
    if (isDoubled || !introduced) this.#control(ESC, isDoubled && !introduced);
    if (introduced) this.#sink.alt();
    if (introduced) this.#sink.text(Uint8Array.of(last), 0, 1);
    this.#restart(ground);
    if (isEscaped) this.#sink.control(ESC);
  }

  /** Nothing more will come: what waits is a key, or a sequence that was cut off. */
  abandon(): void {
    this.flush();
    if (this.isWaiting) this.#report(false);
  }

  /** From now on all is pasted text, until the mark that ends it. */
  beginPaste(): void {
    this.#restart(paste);
  }

  /** Gives the place behind what was taken. */
  #takeFrom(data: Uint8Array, at: number): number {
    if (this.#state === paste) return this.#takePaste(data, at);
    const end = this.#state === ground ? this.#takeText(data, at) : at;
    if (end === data.length) return end;
    this.#take(data[end] ?? 0);
    return end + 1;
  }

  #takeText(data: Uint8Array, start: number): number {
    const end = table.endOfRun(ground, data, start);
    if (end > start) this.#sink.text(data, start, end);
    return end;
  }

  #takePaste(data: Uint8Array, start: number): number {
    const end = this.#paste.scan(data, start);
    if (end < 0) return data.length;
    this.#restart(ground);
    this.#sink.pasteEnded();
    return end;
  }

  #take(byte: number): void {
    const transition = table.transition(this.#state, byte);
    this.#act(table.actionOf(transition), byte, table.nextOf(transition));
  }

  #act(action: Action, byte: number, next: number): void {
    switch (action) {
      case 'cut':
        return this.#cut(byte);
      case 'control':
        return this.#sink.control(byte);
      case 'text':
        return this.#sink.text(Uint8Array.of(byte), 0, 1);
      case 'begin':
        return this.#begin(byte, next);
      case 'collect':
        return this.#collect(byte, next);
      case 'complete':
        this.#collect(byte, next);
        return this.#report(true);
      case 'complete-if-rxvt':
        this.#collect(byte, next);
        return this.#endsAtDollar(this.#collected.sequence()) ? this.#report(true) : undefined;
      case 'complete-if-third':
        this.#collect(byte, next);
        return this.#collected.length === (this.#collected.isDoubled ? 7 : 6) ? this.#report(true) : undefined;
      case 'alt':
        this.#restart(ground);
        this.#sink.alt();
        return this.#take(byte);
      case 'two-escapes':
        this.#sink.control(ESC);
        this.#begin(ESC, next);
        return this.#take(byte);
      case 'three-escapes':
        this.#control(ESC, true);
        return this.#begin(byte, next);
    }
  }

  /** An introducer alone was a key; more was the beginning of a sequence. The byte that did it is taken anew. */
  #cut(byte: number): void {
    const isEscaped = this.#takeEscapeBack();
    this.abandon();
    if (isEscaped) this.#begin(ESC, escape);
    this.#take(byte);
  }

  /** Whether the last byte was an ESC inside of a string, which belongs to what follows and not to the string. */
  #takeEscapeBack(): boolean {
    if (this.#state !== stringEscape) return false;
    this.#collected.pop();
    this.#state = table.state('string');
    return true;
  }

  #control(byte: number, alt: boolean): void {
    if (alt) this.#sink.alt();
    this.#sink.control(byte);
  }

  #begin(byte: number, next: number): void {
    this.#restart(ground);
    this.#collect(byte, next);
  }

  #collect(byte: number, next: number): void {
    this.#state = next;
    this.#collected.push(byte);
  }

  #report(complete: boolean): void {
    const { isDoubled, isWhole } = this.#collected;
    const sequence = this.#collected.sequence();
    this.#restart(ground);
    if (isDoubled) this.#sink.alt();
    this.#sink.sequence(sequence, complete && isWhole);
  }

  #restart(state: number): void {
    this.#state = state;
    this.#collected.clear();
  }
}
