/**
 * The terminal contract: what an interactive program sees of the person's terminal, and what it is told.
 *
 * A terminal transport is a byte transport (transport/contracts.ts, with every promise there) that also knows cursor,
 * size, modes and reports. A terminal protocol gets keystrokes instead of bytes. Columns and rows count from 0, column
 * first; the wire counts from 1, row first. After Twisted's ITerminalTransport and ITerminalProtocol.
 *
 * More promises, beyond those of the byte transport:
 * 1. An answer to a report never reaches the protocol as keystrokes, whether asked for or not, and no key is lost to it.
 * 2. What was changed on the terminal (modes, style, title …) is put back when the connection ends from this side,
 *    in reverse order; an abort does so only if nothing is queued.
 * 3. A protocol that throws has its terminal put back, and then loses its connection with that error; `fail` does the
 *    same for what fails later, such as a promise.
 */
import type { CloseReason } from '../transport/close-reason.ts';
import type { IStreamTransport, TerminalSize } from '../transport/contracts.ts';
import type { Capabilities } from './capabilities/capabilities.ts';
import type { Keystroke, MouseEvent, Paste } from './keystroke.ts';
import type { CharacterSet, GraphicSet } from './output/character-sets.ts';
import type { ClipboardSelection } from './output/clipboard.ts';
import type { CursorShape } from './output/cursor.ts';
import type { KeyboardFlag } from './output/keyboard.ts';
import type { Mode, PrivateMode } from './output/modes.ts';
import type { NotificationForm } from './output/notification.ts';
import type { GraphicParameter, Style } from './output/style.ts';
import type { ITerminalReports } from './reports/contracts.ts';

/** What can be drawn. The same names are pure functions in `terminal/output/`, with their standards. */
export interface IDrawingOperations {
  cursorUp(rows?: number): void;
  cursorDown(rows?: number): void;
  cursorForward(columns?: number): void;
  cursorBackward(columns?: number): void;
  cursorPosition(column: number, row: number): void;
  cursorColumn(column: number): void;
  cursorRow(row: number): void;
  cursorHome(): void;
  saveCursor(): void;
  /** Back to where `saveCursor` was; to the top left if it never was. */
  restoreCursor(): void;
  /** Down one row, scrolling up at the bottom margin. */
  index(): void;
  /** Up one row, scrolling down at the top margin. */
  reverseIndex(): void;
  nextLine(): void;
  eraseLine(): void;
  eraseToLineEnd(): void;
  eraseToLineBeginning(): void;
  eraseDisplay(): void;
  eraseToDisplayEnd(): void;
  eraseToDisplayBeginning(): void;
  eraseScrollback(): void;
  eraseCharacter(count?: number): void;
  insertCharacter(count?: number): void;
  deleteCharacter(count?: number): void;
  insertLine(count?: number): void;
  deleteLine(count?: number): void;
  scrollUp(rows?: number): void;
  scrollDown(rows?: number): void;
  setTabStop(): void;
  clearTabStop(): void;
  clearAllTabStops(): void;
  singleShift2(): void;
  singleShift3(): void;
  /** Fill the screen with E. */
  screenAlignment(): void;
  doubleHeightLine(half: 'top' | 'bottom'): void;
  doubleWidthLine(): void;
  singleWidthLine(): void;
  bell(): void;
}

/** What can be set, and is put back at the end. The same names are pure functions in `terminal/output/`. */
export interface ISettingOperations {
  cursorShape(shape: CursorShape): void;
  /** Scroll only rows `top` to `bottom`, both included. Moves the cursor to the top left. */
  scrollRegion(top: number, bottom: number): void;
  resetScrollRegion(): void;
  selectCharacterSet(set: CharacterSet, into: GraphicSet): void;
  shiftIn(): void;
  shiftOut(): void;
  setModes(modes: readonly Mode[]): void;
  resetModes(modes: readonly Mode[]): void;
  setPrivateModes(modes: readonly PrivateMode[]): void;
  resetPrivateModes(modes: readonly PrivateMode[]): void;
  applicationKeypadMode(): void;
  numericKeypadMode(): void;
  pushKeyboardFlags(...flags: KeyboardFlag[]): void;
  popKeyboardFlags(entries?: number): void;
  /** Everything as after switching on. What was remembered to be put back is forgotten. */
  reset(): void;
  /** Modes, margins, style and character sets as at first; the screen stays. All is put back at the end as before. */
  softReset(): void;
  /** Raw parameters. `setStyle` is what programs mostly want. */
  selectGraphicRendition(...parameters: GraphicParameter[]): void;
  /** Write in this style from here on, and in no other; colours are reduced to what this terminal shows. */
  setStyle(style: Style): void;
  /** A link on what is written until `endHyperlink`. Links that share an `id` light up together. */
  startHyperlink(uri: string, id?: string): void;
  endHyperlink(): void;
  setTitle(title: string): void;
  pushTitle(): void;
  popTitle(): void;
  /** Put text into the person's clipboard. Refused with LocalMisuseError unless the option `clipboard` is on. */
  copyToClipboard(text: string, selection?: ClipboardSelection): void;
  notify(body: string, options?: { readonly title?: string; readonly form?: NotificationForm }): void;
}

/** What can be done to a terminal. */
export interface ITerminalOperations extends IDrawingOperations, ISettingOperations {}

/** The person's terminal. Bytes and strings that are written reach it as they are, but for line ends (an option). */
export interface ITerminalTransport extends IStreamTransport, ITerminalOperations, ITerminalReports {
  /** Text is sent as UTF-8. It may hold control functions: text from elsewhere belongs into `writeText`. */
  write(data: Uint8Array | string): void;
  /** Write text that can do nothing but appear: control characters are taken out, but for line ends and tabs. */
  writeText(text: string): void;
  /** What TERM says. */
  readonly term: string;
  /** As last heard of; 80×24 until somebody says. */
  readonly size: TerminalSize;
  /** What the terminal can do: first by its name, and once `probe` has resolved by its own word. */
  readonly capabilities: Capabilities;
  /** Ask the terminal what it can do: one round trip, once; later calls get the same answer. Never rejects. */
  probe(): Promise<Capabilities>;
  /** As `loseConnection`, with an exit status from 0 to 255 for those who run the program, such as `ssh`. RangeError. */
  exit(code: number): void;
  /**
   * The program cannot go on: the terminal is put back, and the connection is lost with `error`. The exit status is 1.
   * The person is not shown the error; the server's log is.
   */
  fail(error: Error): void;
}

/** What an interactive program is told: makeConnection first, connectionLost once and last. */
export interface ITerminalProtocol {
  makeConnection(terminal: ITerminalTransport): void;
  keystrokeReceived(keystroke: Keystroke): void;
  /** Only with the mode `bracketedPaste`; without it, pasted text comes as keystrokes. */
  pasteReceived(paste: Paste): void;
  /** Only with a mouse mode. */
  mouseReceived(event: MouseEvent): void;
  /** Only with the mode `focusReports`: the terminal's window has come to the front, or has gone. */
  focusReceived(focused: boolean): void;
  /** The terminal has a new size. May never be called: `terminal.size` has the first one. */
  terminalSize(size: TerminalSize): void;
  /** A sequence that means nothing here, or an answer nobody asked for; cut at `maxSequenceBytes`. */
  unhandledControlSequence(sequence: Uint8Array): void;
  connectionLost(reason: CloseReason): void;
}

/** A terminal protocol that ignores everything: extend it and say what you listen to. */
export class TerminalProtocol implements ITerminalProtocol {
  makeConnection(_terminal: ITerminalTransport): void {}
  keystrokeReceived(_keystroke: Keystroke): void {}
  pasteReceived(_paste: Paste): void {}
  mouseReceived(_event: MouseEvent): void {}
  focusReceived(_focused: boolean): void {}
  terminalSize(_size: TerminalSize): void {}
  unhandledControlSequence(_sequence: Uint8Array): void {}
  connectionLost(_reason: CloseReason): void {}
}
