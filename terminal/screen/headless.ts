/**
 * The one port to @xterm/headless: a terminal emulator without a display, which keeps the screen that bytes make.
 *
 * Only what is asked of it today; nothing outside this file knows the library. Source: its typings (6.0).
 */
import headless from '@xterm/headless';
import type { IBufferCell } from '@xterm/headless';

export interface EmulatorOptions {
  /** @default 80 */
  readonly columns?: number;
  /** @default 24 */
  readonly rows?: number;
  /** Lines kept after they scroll away. @default 1_000 */
  readonly scrollback?: number;
}

/** What one place of the screen shows. */
export interface EmulatorCell {
  /** The grapheme; '' for an empty place and for the second half of a wide character. */
  readonly text: string;
  /** Places it takes: 2 for wide characters, 0 for their second halves. */
  readonly width: number;
  /** Names of the style's switches that are on, such as `bold`. */
  readonly attributes: readonly string[];
  /** A palette number, `#rrggbb`, or undefined for the terminal's own. */
  readonly foreground: number | string | undefined;
  readonly background: number | string | undefined;
}

export class Emulator implements Disposable {
  readonly #terminal: headless.Terminal;
  #title = '';
  #replies = '';

  constructor({ columns = 80, rows = 24, scrollback = 1_000 }: EmulatorOptions = {}) {
    this.#terminal = new headless.Terminal({ cols: columns, rows, scrollback, allowProposedApi: true });
    this.#terminal.onTitleChange(title => (this.#title = title));
    this.#terminal.onData(reply => (this.#replies += reply));
  }

  /** Resolves when the screen shows it. */
  write(data: Uint8Array | string): Promise<void> {
    return new Promise(resolve => this.#terminal.write(data, resolve));
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
  }

  /** The visible rows without the empty places at their ends. */
  get rows(): string[] {
    const { viewportY } = this.#terminal.buffer.active;
    return Array.from({ length: this.#terminal.rows }, (_, row) => this.#line(viewportY + row));
  }

  /** Rows that have scrolled away, oldest first. */
  get scrollback(): string[] {
    return Array.from({ length: this.#terminal.buffer.active.baseY }, (_, row) => this.#line(row));
  }

  get cursor(): { readonly column: number; readonly row: number } {
    return { column: this.#terminal.buffer.active.cursorX, row: this.#terminal.buffer.active.cursorY };
  }

  get alternate(): boolean {
    return this.#terminal.buffer.active.type === 'alternate';
  }

  /** The library's names: `bracketedPasteMode`, `mouseTrackingMode` … */
  get modes(): Readonly<Record<string, boolean | string>> {
    const { modes } = this.#terminal;
    return {
      applicationCursorKeysMode: modes.applicationCursorKeysMode,
      applicationKeypadMode: modes.applicationKeypadMode,
      bracketedPasteMode: modes.bracketedPasteMode,
      insertMode: modes.insertMode,
      mouseTrackingMode: modes.mouseTrackingMode,
      originMode: modes.originMode,
      reverseWraparoundMode: modes.reverseWraparoundMode,
      sendFocusMode: modes.sendFocusMode,
      synchronizedOutputMode: modes.synchronizedOutputMode,
      wraparoundMode: modes.wraparoundMode,
    };
  }

  get title(): string {
    return this.#title;
  }

  /** What the emulator has answered since the last time. */
  takeReplies(): string {
    const replies = this.#replies;
    this.#replies = '';
    return replies;
  }

  cell(column: number, row: number): EmulatorCell {
    const buffer = this.#terminal.buffer.active;
    const cell = buffer.getLine(buffer.viewportY + row)?.getCell(column);
    if (!cell) throw new RangeError(`there is no place at column ${column}, row ${row}`);
    return {
      text: cell.getChars(),
      width: cell.getWidth(),
      attributes: attributesOf(cell),
      foreground: colourOf(cell.isFgDefault(), cell.isFgRGB(), cell.getFgColor()),
      background: colourOf(cell.isBgDefault(), cell.isBgRGB(), cell.getBgColor()),
    };
  }

  [Symbol.dispose](): void {
    this.#terminal.dispose();
  }

  #line(row: number): string {
    return this.#terminal.buffer.active.getLine(row)?.translateToString(true) ?? '';
  }
}

function attributesOf(cell: IBufferCell): string[] {
  const all: ReadonlyArray<readonly [string, number]> = [
    ['bold', cell.isBold()],
    ['dim', cell.isDim()],
    ['italic', cell.isItalic()],
    ['underline', cell.isUnderline()],
    ['blink', cell.isBlink()],
    ['inverse', cell.isInverse()],
    ['hidden', cell.isInvisible()],
    ['strikethrough', cell.isStrikethrough()],
    ['overline', cell.isOverline()],
  ];
  return all.filter(([, on]) => on !== 0).map(([name]) => name);
}

function colourOf(isDefault: boolean, isRgb: boolean, colour: number): number | string | undefined {
  if (isDefault) return undefined;
  return isRgb ? `#${colour.toString(16).padStart(6, '0')}` : colour;
}
