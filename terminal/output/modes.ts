/**
 * Modes: the switches of a terminal, by name. A number may be given for one that has no name here.
 *
 * Source: ECMA-48 5th ed. §7.2 and §8.3.125; DEC VT510; xterm ctlseqs; the pages of the newer ones are named below.
 */
import { csi, ESC, whole } from './control.ts';

/** ECMA-48 §7.2; DEC VT510. All are off when a terminal is switched on. */
export const modes = Object.freeze({
  /** KAM: keys do nothing. */
  keyboardAction: 2,
  /** IRM: characters push those behind them. */
  insert: 4,
  /** LNM: LF also returns to the first column. */
  newLine: 20,
});

export const privateModes = Object.freeze({
  /** DECCKM: cursor keys send SS3. */
  cursorKeys: 1,
  /** DECANM: off is a VT52. */
  ansi: 2,
  /** DECCOLM: 132 columns. Erases the screen. */
  columns132: 3,
  /** DECSCLM. */
  smoothScroll: 4,
  /** DECSCNM: dark on light. */
  reverseVideo: 5,
  /** DECOM: positions count from the scroll region. */
  origin: 6,
  /** DECAWM: a character past the edge goes to the next row. */
  autoWrap: 7,
  /** DECARM. */
  autoRepeat: 8,
  /** X10 mouse: presses only. */
  mousePress: 9,
  cursorBlink: 12,
  /** DECTCEM. */
  cursorVisible: 25,
  /** DECNKM: the keypad sends SS3. */
  applicationKeypad: 66,
  /** DECLRMM: left and right margins. */
  leftRightMargins: 69,
  /** Presses and releases. */
  mouseButtons: 1000,
  /** And movement while a button is held. */
  mouseDrag: 1002,
  /** And all movement. */
  mouseMotion: 1003,
  focusReports: 1004,
  /** Mouse positions as numbers: without it, none past column 222. */
  mouseSgr: 1006,
  /** As `mouseSgr`, in pixels. */
  mouseSgrPixels: 1016,
  /** A second screen without scrollback; the cursor is kept and restored. */
  alternateScreen: 1049,
  bracketedPaste: 2004,
  /** Show what is written when it is switched off again. https://contour-terminal.org/vt-extensions/synchronized-output/ */
  synchronizedOutput: 2026,
  /** Measure by grapheme. https://contour-terminal.org/vt-extensions/unicode-core/ */
  graphemeClusters: 2027,
  /** Tell when the person changes between dark and light. https://contour-terminal.org/vt-extensions/color-palette-update-notifications/ */
  colourSchemeReports: 2031,
  /** Tell a new size as a control sequence. https://gist.github.com/rockorager/e695fb2924d36b2bcf1fff4a3704bd83 */
  inBandResize: 2048,
});

export type Mode = keyof typeof modes | number;
export type PrivateMode = keyof typeof privateModes | number;

/** Private modes that are on when a terminal is switched on; all others are off. VT510, xterm. */
export const onAtFirst: ReadonlySet<number> = new Set([
  privateModes.ansi,
  privateModes.autoWrap,
  privateModes.autoRepeat,
  privateModes.cursorVisible,
]);

export const modeNumber = (mode: Mode): number =>
  whole('mode', typeof mode === 'number' ? mode : modes[mode], 0, 65_535);
export const privateModeNumber = (mode: PrivateMode): number =>
  whole('private mode', typeof mode === 'number' ? mode : privateModes[mode], 0, 65_535);

const list = (numbers: readonly number[]): string => {
  if (numbers.length === 0) throw new RangeError('at least one mode is needed');
  return numbers.join(';');
};

/** `CSI Ps h` (SM), ECMA-48 §8.3.125. */
export const setModes = (names: readonly Mode[]): string => csi(`${list(names.map(modeNumber))}h`);
/** `CSI Ps l` (RM), ECMA-48 §8.3.106. */
export const resetModes = (names: readonly Mode[]): string => csi(`${list(names.map(modeNumber))}l`);
/** `CSI ? Ps h` (DECSET), xterm ctlseqs. */
export const setPrivateModes = (names: readonly PrivateMode[]): string =>
  csi(`?${list(names.map(privateModeNumber))}h`);
/** `CSI ? Ps l` (DECRST), xterm ctlseqs. */
export const resetPrivateModes = (names: readonly PrivateMode[]): string =>
  csi(`?${list(names.map(privateModeNumber))}l`);

/** Keypad keys send sequences of their own. `ESC =` (DECKPAM), VT510. */
export const applicationKeypadMode = (): string => `${ESC}=`;
/** Keypad keys send their characters. `ESC >` (DECKPNM), VT510. */
export const numericKeypadMode = (): string => `${ESC}>`;
/** Everything as after switching on; erases the screen. `ESC c` (RIS), ECMA-48 §8.3.105. */
export const reset = (): string => `${ESC}c`;
/** Modes, margins, style and character sets as at first; keeps the screen. `CSI ! p` (DECSTR), VT510. */
export const softReset = (): string => csi('!p');
/** Ring. BEL, 0x07, ECMA-48 §8.3.3. */
export const bell = (): string => '\x07';
