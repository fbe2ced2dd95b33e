/**
 * Cuts what a program sends to a screen into text, control characters and sequences; state-table.ts says how.
 *
 * It gives no meaning to any of them, has no clock and never throws. The split of the bytes decides where text is cut into
 * runs, and nothing else. Memory is bounded: of a sequence longer than its limit the rest is dropped.
 */
import { SequenceBuffer } from '../parsing/sequence-buffer.ts';
import { table, type Action } from './state-table.ts';

/** Who is told, in order. What they are given is only good during the call. */
export interface OutputSink {
  /** Printable ASCII, TAB, LF, VT, FF, CR, and any bytes above, from `start` to `end`. UTF-8 is not checked here. */
  text(data: Uint8Array, start: number, end: number): void;
  /** C0 (ECMA-48 §5.2) or DEL; inside of a sequence also those of layout. */
  control(byte: number): void;
  /** From its ESC to its last byte; cut off, or past the limit, when `complete` is false. */
  sequence(collected: SequenceBuffer, complete: boolean): void;
}

const ESC = 0x1b;
const ground = table.state('ground');
const escape = table.state('escape');

export class OutputParser {
  readonly #sink: OutputSink;
  readonly #collected: SequenceBuffer;
  #state = ground;

  constructor(sink: OutputSink, limit: number) {
    this.#sink = sink;
    this.#collected = new SequenceBuffer(limit);
  }

  feed(data: Uint8Array): void {
    let at = 0;
    while (at < data.length) {
      at = this.#state === ground ? this.#takeText(data, at) : this.#takeCollected(data, at);
      if (at < data.length) this.#take(data[at] ?? 0);
      at += 1;
    }
  }

  /** Nothing more will come: what was begun is cut off. */
  end(): void {
    if (this.#state !== ground) this.#report(false);
  }

  /** Gives the place of the first byte that is no text. */
  #takeText(data: Uint8Array, start: number): number {
    const end = table.endOfRun(ground, data, start);
    if (end > start) this.#sink.text(data, start, end);
    return end;
  }

  /** Gives the place of the first byte that does more than to lengthen what was begun. */
  #takeCollected(data: Uint8Array, start: number): number {
    const end = table.endOfRun(this.#state, data, start);
    for (let at = start; at < end; at += 1) this.#collected.push(data[at] ?? 0);
    return end;
  }

  #take(byte: number): void {
    const transition = table.transition(this.#state, byte);
    this.#act(table.actionOf(transition), byte, table.nextOf(transition));
  }

  #act(action: Action, byte: number, next: number): void {
    switch (action) {
      case 'text':
        return this.#sink.text(Uint8Array.of(byte), 0, 1);
      case 'control':
        return this.#sink.control(byte);
      case 'begin':
        return this.#begin(byte, next);
      case 'collect':
        return this.#collect(byte, next);
      case 'complete':
        this.#collect(byte, next);
        return this.#report(true);
      case 'cut':
        this.#report(false);
        return this.#take(byte);
      case 'cut-before-escape':
        this.#collected.pop();
        this.#report(false);
        this.#begin(ESC, escape);
        return this.#take(byte);
      case 'ignore':
    }
  }

  #begin(byte: number, next: number): void {
    this.#collected.clear();
    this.#collect(byte, next);
  }

  #collect(byte: number, next: number): void {
    this.#state = next;
    this.#collected.push(byte);
  }

  /** What is collected stays until the next sequence begins. */
  #report(complete: boolean): void {
    this.#state = ground;
    this.#sink.sequence(this.#collected, complete && this.#collected.isWhole);
  }
}
