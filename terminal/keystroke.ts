/**
 * What a person does at a terminal, as values: keystrokes, pastes, mouse events.
 *
 * A keystroke is one code point or one named key, never a grapheme: a combining mark is a keystroke of its own, because
 * waiting for one would hold up every key. Whoever keeps the text (the line editor) joins them into graphemes.
 * docs/keys.md lists the names and the bytes. The model is the kitty keyboard protocol's, which can say most.
 */

/** The keys held together with another one. */
export interface Modifiers {
  readonly control: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
  /** The Windows or command key; what xterm calls meta (bit 8) counts as this too. */
  readonly super: boolean;
}

export interface Keystroke extends Modifiers {
  /**
   * A name of docs/keys.md (`up`, `f5`, `enter`, `space`), or the character. A terminal without the kitty protocol tells
   * no shift for characters: there `A` is the key `A`. With it, the key is `a` with shift.
   */
  readonly key: string;
  /** What the key would insert. Never holds a control character; absent for keys that insert nothing. */
  readonly text?: string;
  /** Only the kitty protocol tells of more than presses. */
  readonly event: 'press' | 'repeat' | 'release';
  /** Kitty protocol only; absent where not held. */
  readonly hyper?: true;
  readonly meta?: true;
  readonly capsLock?: true;
  readonly numLock?: true;
  /** The key in the same place on a PC-101 keyboard, for shortcuts on other layouts. Kitty protocol, flag 4. */
  readonly baseKey?: string;
  /** What the key gives with shift. Kitty protocol, flag 4. */
  readonly shiftedKey?: string;
}

const unmodified = { control: false, alt: false, shift: false, super: false, event: 'press' } as const;

/** A keystroke from what is particular about it: `keystroke('c', { control: true })`. */
export const keystroke = (key: string, particulars: Partial<Keystroke> = {}): Keystroke => ({
  key,
  ...unmodified,
  ...particulars,
});

/** One short name for people and key bindings: `control+alt+up`, `release a`. */
export function keystrokeName(stroke: Keystroke): string {
  const held = (['hyper', 'super', 'meta', 'control', 'alt', 'shift'] as const).filter(name => stroke[name] === true);
  const name = [...held, stroke.key].join('+');
  return stroke.event === 'press' ? name : `${stroke.event} ${name}`;
}

/** Text that was inserted at once between the marks of bracketed paste: to be kept, never to be run as keys. */
export interface Paste {
  /** Line ends are LF, as pasted text comes with CR. May hold other control characters: `text()` removes them. */
  readonly text: string;
  /** More was pasted than the limit allows; the rest was dropped. */
  readonly truncated: boolean;
}

export type MouseButton = 'left' | 'middle' | 'right' | 'back' | 'forward' | 'none';

export interface MouseEvent extends Modifiers {
  readonly event: 'press' | 'release' | 'move' | 'wheel-up' | 'wheel-down' | 'wheel-left' | 'wheel-right';
  /** `none` for wheels, for movement without a button, and for a release in X10 encoding, which does not say. */
  readonly button: MouseButton;
  /** The cell, both counted from 0 at the top left. */
  readonly column: number;
  readonly row: number;
  /** The place in pixels, from 0 at the top left, when the mode `mouseSgrPixels` is on. */
  readonly pixels?: { readonly x: number; readonly y: number };
}
