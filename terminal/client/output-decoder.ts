/**
 * From the bytes that a program writes to a screen, to text and the operations that terminal/output/ writes.
 *
 * It keeps no screen. Text comes without control characters, but for TAB, LF, VT, FF and CR; what is not UTF-8 is U+FFFD.
 * Every operation has values that terminal/output/ takes, so that it can be done on any terminal. All else is unhandled:
 * C1 as characters, for one, which some terminals obey and others do not.
 */
import { latin1, numberAt, parseControlSequence, type ControlSequence } from '../parsing/control-sequence.ts';
import type { SequenceBuffer } from '../parsing/sequence-buffer.ts';
import { Utf8Decoder } from '../parsing/utf8.ts';
import { ControlStrings } from './control-strings.ts';
import { operationsOf } from './control-sequences.ts';
import { escapeSequences } from './escape-sequences.ts';
import { keepOperation, knownOperation } from './known-operations.ts';
import { modeOf, privateModeOf } from './mode-names.ts';
import { operation, type Operation } from './operation.ts';
import { resolveOutputOptions, type OutputOptions } from './options.ts';
import { OutputParser, type OutputSink } from './output-parser.ts';
import { plainQuestions, type Question } from './question.ts';

/** Who is told, in order. */
export interface OutputListener {
  text(text: string): void;
  operation(operation: Operation): void;
  question(question: Question): void;
  /** From its first byte to its last; cut at `maxSequenceBytes`. It must not be written to a terminal as it is. */
  unhandled(sequence: Uint8Array): void;
}

const BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const C1 = /([\u0080-\u009f])/;

/** Control characters that do something: BS is a step back, by ECMA-48 §8.3.5. */
const controls: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  [0x07, operation('bell')],
  [0x08, operation('cursorBackward', 1)],
  [0x0e, operation('shiftOut')],
  [0x0f, operation('shiftIn')],
]);

/** The most that REP repeats a character: wider than any screen, and bounded. */
const MOST_REPEATED = 4_096;

export class OutputDecoder implements OutputSink {
  /** The height of the screen, which a scroll region without an end reaches down to. */
  rows: number;
  readonly #listener: OutputListener;
  readonly #parser: OutputParser;
  readonly #strings: ControlStrings;
  readonly #utf8 = new Utf8Decoder();
  #lastText = '';

  /** Throws ConfigError. */
  constructor(listener: OutputListener, options: OutputOptions = {}) {
    const { rows, maxSequenceBytes, clipboard } = resolveOutputOptions(options);
    this.rows = rows;
    this.#listener = listener;
    this.#strings = new ControlStrings(clipboard);
    this.#parser = new OutputParser(this, maxSequenceBytes);
  }

  /** Take `data`, any split of the stream. Throws only what the listener throws. */
  feed(data: Uint8Array): void {
    this.#parser.feed(data);
  }

  /** Nothing more will come of what has begun. */
  end(): void {
    this.#parser.end();
    this.#characters(this.#utf8.end());
  }

  // — from the parser —

  text(data: Uint8Array, start: number, end: number): void {
    this.#characters(this.#utf8.decode(data, start, end));
  }

  control(byte: number): void {
    this.#characters(this.#utf8.end());
    const known = controls.get(byte);
    if (known) this.#listener.operation(known);
    else if (byte >= 0x09 && byte <= 0x0d) this.#listener.text(String.fromCharCode(byte));
    else this.#listener.unhandled(Uint8Array.of(byte));
  }

  sequence(collected: SequenceBuffer, complete: boolean): void {
    this.#characters(this.#utf8.end());
    const known = complete ? knownOperation(collected.bytes, collected.length) : undefined;
    if (known) this.#listener.operation(known);
    else this.#unknown(collected.sequence(), complete);
  }

  #unknown(sequence: Uint8Array, complete: boolean): void {
    const operations = complete ? this.#operationsOf(sequence) : undefined;
    const question = complete && !operations ? questionOf(sequence) : undefined;
    if (question) return this.#listener.question(question);
    if (!operations) return this.#listener.unhandled(sequence);
    for (const each of operations) this.#listener.operation(each);
    if (operations.length === 1 && operations[0]) keepOperation(sequence, operations[0]);
  }

  #characters(characters: string): void {
    if (characters === '') return;
    if (!C1.test(characters)) return this.#plain(characters);
    for (const part of characters.split(C1)) {
      if (C1.test(part)) this.#listener.unhandled(Buffer.from(part, 'utf8'));
      else if (part !== '') this.#plain(part);
    }
  }

  #plain(characters: string): void {
    this.#lastText = characters;
    this.#listener.text(characters);
  }

  #operationsOf(sequence: Uint8Array): readonly Operation[] | undefined {
    if (sequence[1] === CLOSING_BRACKET) return this.#strings.operationsOf(contentOf(sequence));
    if (sequence[1] !== BRACKET) {
      const known = escapeSequences.get(latin1(sequence, 1));
      return known && [known];
    }
    const parsed = parseControlSequence(sequence);
    if (parsed?.final === 'b' && this.#repeat(parsed)) return [];
    return parsed && operationsOf(parsed, this.rows);
  }

  /** REP, ECMA-48 §8.3.103: the last graphic character again. */
  #repeat(sequence: ControlSequence): boolean {
    const last = [...this.#lastText.slice(-2)].at(-1) ?? '';
    if (sequence.prefix !== '' || sequence.intermediates !== '' || last < ' ') return false;
    this.#listener.text(last.repeat(Math.min(Math.max(numberAt(sequence, 0), 1), MOST_REPEATED)));
    return true;
  }
}

/** What stands behind the introducer, without ST or BEL. */
function contentOf(sequence: Uint8Array): string {
  if (sequence[1] !== CLOSING_BRACKET) return latin1(sequence, 2);
  return Buffer.from(sequence.subarray(2, sequence.at(-1) === 0x07 ? -1 : -2)).toString('utf8');
}

function questionOf(sequence: Uint8Array): Question | undefined {
  const about = plainQuestions.get(`${latin1(sequence, 1, 2)}${contentOf(sequence)}`);
  if (about) return { about };
  const parsed = sequence[1] === BRACKET ? parseControlSequence(sequence) : undefined;
  return parsed && modeQuestion(parsed);
}

function modeQuestion(sequence: ControlSequence): Question | undefined {
  const { prefix, parameters, intermediates, final } = sequence;
  const mode = numberAt(sequence, 0);
  if (intermediates !== '$' || final !== 'p' || parameters.length !== 1 || mode < 0 || mode > 65_535) return undefined;
  if (prefix === '?') return { about: 'privateMode', mode: privateModeOf(mode) };
  return prefix === '' ? { about: 'mode', mode: modeOf(mode) } : undefined;
}
