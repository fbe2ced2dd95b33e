/**
 * The kitty keyboard protocol: how a terminal is told to say more about keys. Flags are a stack, one per screen.
 *
 * Source: https://sw.kovidgoyal.net/kitty/keyboard-protocol/ ("Progressive enhancement").
 */
import { count, csi } from './control.ts';

export const keyboardFlags = Object.freeze({
  /** Escape and modified keys come as CSI u, so that they can be told apart. */
  disambiguate: 1,
  /** Also repeats and releases. */
  eventTypes: 2,
  /** Also what the key gives with shift, and which key it is on a PC-101 keyboard. */
  alternateKeys: 4,
  /** Plain text keys come as CSI u too. */
  allKeys: 8,
  /** With `allKeys`: also the text. */
  text: 16,
});
export type KeyboardFlag = keyof typeof keyboardFlags;

const sum = (flags: readonly KeyboardFlag[]): number => flags.reduce((bits, flag) => bits | keyboardFlags[flag], 0);

/** Use these flags until they are popped. `CSI > flags u`. */
export const pushKeyboardFlags = (...flags: KeyboardFlag[]): string => csi(`>${sum(flags)}u`);
/** Back to the flags before. `CSI < number u`. */
export const popKeyboardFlags = (entries = 1): string => csi(`<${count(entries)}u`);
/** Ask for the flags in use; the answer is `CSI ? flags u`. */
export const requestKeyboardFlags = (): string => csi('?u');
