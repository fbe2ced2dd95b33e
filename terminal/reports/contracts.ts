/**
 * What a terminal can be asked. Every question has a deadline, as a terminal may never answer.
 *
 * Named after the standard: a *report* is an answer of the terminal (ECMA-48 DSR/CPR, DEC DA, xterm ctlseqs).
 */
import type { PrivateMode, Mode } from '../output/modes.ts';

export interface CursorPosition {
  readonly column: number;
  readonly row: number;
}

/** What DECRQM says of a mode (DEC STD 070, VT510 DECRPM). */
export type ModeState = 'unknown' | 'set' | 'reset' | 'permanently-set' | 'permanently-reset';

/** Red, green and blue, each from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** How bright a colour looks, from 0 to 255: ITU-R BT.601. */
export const brightness = ([red, green, blue]: Rgb): number => 0.299 * red + 0.587 * green + 0.114 * blue;

export interface TerminalColours {
  readonly foreground: Rgb;
  readonly background: Rgb;
  /** Which of the two is the lighter one decides. */
  readonly scheme: 'dark' | 'light';
}

/** In pixels. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** Each rejects with a ConnectionLostError when the connection ends, and with UnsupportedError after the deadline. */
export interface ITerminalReports {
  reportCursorPosition(): Promise<CursorPosition>;
  /** The parameters of DA1: `[62, 4, 22]` is a VT220 with sixel graphics and colours. */
  reportDeviceAttributes(): Promise<readonly number[]>;
  /** The parameters of DA2: terminal type, firmware version, keyboard. */
  reportSecondaryDeviceAttributes(): Promise<readonly number[]>;
  /** The unit's number (DA3), hexadecimal. */
  reportTertiaryDeviceAttributes(): Promise<string>;
  /** Name and version, such as `xterm(370)` or `tmux 3.5`: the terminal's own words, control characters removed. */
  reportVersion(): Promise<string>;
  reportColours(): Promise<TerminalColours>;
  /** The size of the screen in cells, as the terminal says it; `size` is what the session says. */
  reportSizeInCells(): Promise<{ readonly columns: number; readonly rows: number }>;
  reportSizeInPixels(): Promise<PixelSize>;
  reportCellSize(): Promise<PixelSize>;
  reportPrivateMode(mode: PrivateMode): Promise<ModeState>;
  reportMode(mode: Mode): Promise<ModeState>;
}
