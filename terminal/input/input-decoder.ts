/**
 * From bytes to what a person does: keystrokes, pastes, mouse events, focus; and sequences that are none of these.
 *
 * It remembers nothing of what the terminal was told, except whether mouse positions are pixels. It has no clock: who
 * feeds it says `flush` when nothing followed an ESC in time.
 */
import type { TerminalSize } from '../../transport/contracts.ts';
import { keystroke, type Keystroke, type MouseEvent, type Paste } from '../keystroke.ts';
import { parseControlSequence, type ControlSequence } from '../parsing/control-sequence.ts';
import { controlKeys } from './keys/control-keys.ts';
import { sgrMouse, x10Mouse } from './mouse.ts';
import { InputParser, type ParserSink } from './parser.ts';
import { PasteBuffer } from './paste-buffer.ts';
import { endsAtDollar, keyOfControlSequence, keyOfLinux, keyOfSs3 } from './sequence-keys.ts';
import { Utf8Decoder } from '../parsing/utf8.ts';

export interface InputListener {
  keystroke(keystroke: Keystroke): void;
  paste(paste: Paste): void;
  mouse(event: MouseEvent): void;
  focus(focused: boolean): void;
  /** Whether any sequence may be claimed now. */
  readonly isClaiming: boolean;
  /** Whether this is an answer that somebody waits for. Asked before a sequence is taken for a key. */
  claims(sequence: Uint8Array, parsed: ControlSequence | undefined): boolean;
  unhandled(sequence: Uint8Array): void;
}

export interface InputLimits {
  /** Bytes of a sequence that are kept; the rest of a longer one is dropped. @default 65_536 */
  readonly maxSequenceBytes?: number;
  /** Bytes of a paste that are kept; the rest of a longer one is dropped. @default 1_048_576 */
  readonly maxPasteBytes?: number;
}

export const inputDefaults = Object.freeze({ maxSequenceBytes: 65_536, maxPasteBytes: 1_048_576 });

const BRACKET = 0x5b;
const CAPITAL_O = 0x4f;
const CAPITAL_M = 0x4d;

const keyOfCharacter = (character: string): Keystroke =>
  keystroke(character === ' ' ? 'space' : character, { text: character });
const withAlt = ({ text: _text, ...key }: Keystroke): Keystroke => ({ ...key, alt: true });

/** Every keystroke of printable ASCII, made once. */
const asciiKeys = Array.from({ length: 0x7f }, (_, code) => Object.freeze(keyOfCharacter(String.fromCharCode(code))));

/**
 * Sequences that were keys, so that they need not be taken apart again: what they mean never changes. Bounded, so that
 * nobody can fill the memory with rare ones.
 */
const knownKeys = new Map<string, Keystroke>();
const mostKnown = 1_024;
const longestKnown = 16;

export class InputDecoder implements ParserSink {
  /** Whether mouse positions are pixels now, and how large the screen is. */
  mousePixels = false;
  size: TerminalSize = { columns: 80, rows: 24, widthPixels: 0, heightPixels: 0 };
  readonly #listener: InputListener;
  readonly #parser: InputParser;
  readonly #utf8 = new Utf8Decoder();
  readonly #paste: PasteBuffer;
  #alt = false;

  constructor(listener: InputListener, limits: InputLimits = {}) {
    const { maxSequenceBytes, maxPasteBytes } = { ...inputDefaults, ...limits };
    this.#listener = listener;
    this.#paste = new PasteBuffer(maxPasteBytes);
    this.#parser = new InputParser(this, maxSequenceBytes, endsAtDollar);
  }

  /** Take `data`, any split of the stream. Throws only what the listener throws. */
  feed(data: Uint8Array): void {
    this.#parser.feed(data);
  }

  /** Nothing has followed: a lone ESC is the Escape key, ESC [ is alt+[. */
  flush(): void {
    this.#parser.flush();
  }

  /** Nothing more will come of what has begun. */
  abandon(): void {
    this.#parser.abandon();
    this.#characters(this.#utf8.end());
  }

  get isAmbiguous(): boolean {
    return this.#parser.isAmbiguous;
  }

  get isWaiting(): boolean {
    return this.#parser.isWaiting;
  }

  // — from the parser —

  text(data: Uint8Array, start: number, end: number): void {
    let at = start;
    for (let byte = data[at] ?? 0; at < end && !this.#alt && this.#utf8.isPlain(byte); byte = data[at] ?? 0) {
      this.#listener.keystroke(asciiKeys[byte] ?? keyOfCharacter(String.fromCharCode(byte)));
      at += 1;
    }
    if (at < end) this.#characters(this.#utf8.decode(data, at, end));
  }

  control(byte: number): void {
    this.#characters(this.#utf8.end());
    const key = controlKeys.get(byte);
    if (key) this.#press(key);
  }

  alt(): void {
    this.#characters(this.#utf8.end());
    this.#alt = true;
  }

  sequence(sequence: Uint8Array, complete: boolean): void {
    this.#characters(this.#utf8.end());
    if (complete) this.#completeSequence(sequence);
    else this.#listener.unhandled(sequence);
    this.#alt = false;
  }

  pasted(data: Uint8Array, start: number, end: number): void {
    this.#paste.add(data, start, end);
  }

  pasteEnded(): void {
    this.#listener.paste(this.#paste.take());
  }

  #characters(characters: string): void {
    for (const character of characters) {
      const isC1 = character >= '\u0080' && character <= '\u009f';
      if (isC1) this.#listener.unhandled(Buffer.from(character));
      else this.#press(keyOfCharacter(character));
    }
  }

  #press(key: Keystroke): void {
    this.#listener.keystroke(this.#alt ? withAlt(key) : key);
    this.#alt = false;
  }

  #completeSequence(sequence: Uint8Array): void {
    const name = sequence.length <= longestKnown ? nameOf(sequence) : '';
    const known = this.#listener.isClaiming ? undefined : knownKeys.get(name);
    if (known) return this.#press(known);
    const parsed = sequence[1] === BRACKET ? parseControlSequence(sequence) : undefined;
    if (this.#listener.isClaiming && this.#listener.claims(sequence, parsed)) return;
    const key = this.#keyOf(sequence, parsed);
    if (key && name !== '' && knownKeys.size < mostKnown) knownKeys.set(name, Object.freeze(key));
    if (key) this.#press(key);
    else if (!this.#otherwise(sequence, parsed)) this.#listener.unhandled(sequence);
  }

  #keyOf(sequence: Uint8Array, parsed: ControlSequence | undefined): Keystroke | undefined {
    if (sequence[1] === CAPITAL_O) return keyOfSs3(sequence);
    if (sequence[1] === BRACKET && sequence[2] === BRACKET) return keyOfLinux(sequence);
    return parsed && keyOfControlSequence(parsed);
  }

  /** Paste, focus and mouse; whether it was one of them. */
  #otherwise(sequence: Uint8Array, parsed: ControlSequence | undefined): boolean {
    if (sequence[1] === BRACKET && sequence[2] === CAPITAL_M) return this.#mouse(x10Mouse(sequence));
    if (!parsed || parsed.intermediates !== '') return false;
    const { prefix, parameters, final } = parsed;
    if (prefix === '<' && /^[Mm]$/.test(final)) return this.#mouse(sgrMouse(parsed, this.mousePixels, this.size));
    if (prefix !== '' || parameters.length > 1) return false;
    if (final === '~' && parameters[0]?.[0] === 200) this.#parser.beginPaste();
    else if (parameters.length === 0 && /^[IO]$/.test(final)) this.#listener.focus(final === 'I');
    else return false;
    return true;
  }

  #mouse(event: MouseEvent | undefined): boolean {
    if (event) this.#listener.mouse(event);
    return event !== undefined;
  }
}

/** The bytes as a string, one character each. */
function nameOf(sequence: Uint8Array): string {
  let name = '';
  for (const byte of sequence) name += String.fromCharCode(byte);
  return name;
}
