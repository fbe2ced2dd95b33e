/**
 * The picture of a terminal: bytes of a program in, what the person would see out.
 *
 * It is obeyed at once, in any split, and bounded: by its size, its scrollback and limits.ts. Places count from 0, the
 * column first. For tests, recording, resuming and waiting for a program to show something; after Twisted's
 * TerminalBuffer and ExpectableBuffer, but that a real emulator (xterm.js) says what bytes mean.
 */
import { ConfigError } from '../../transport/errors.ts';
import type { ScreenCell } from './cell.ts';
import { Emulator, type EmulatorOptions } from './headless.ts';
import { htmlOf, svgOf, type PictureOptions } from './picture.ts';
import { repaint, type RepaintOptions } from './repaint.ts';
import { screenModes, type ScreenModes } from './screen-modes.ts';
import type { Cursor, ScreenSnapshot } from './snapshot.ts';
import { Waits, type ScreenMatch, type WaitOptions } from './waits.ts';

/** Columns and rows that a screen may have; a size beyond is brought within, for it comes from a peer. */
export const sizeLimits = Object.freeze({ leastColumns: 2, leastRows: 1, most: 1_000 });
const mostScrollback = 100_000;

export class ScreenBuffer implements Disposable {
  readonly #emulator: Emulator;
  readonly #waits: Waits;

  /** Throws ConfigError for sizes out of `sizeLimits`, or more than 100,000 lines of scrollback. */
  constructor(options: EmulatorOptions = {}) {
    const { columns = 80, rows = 24, scrollback = 1_000 } = options;
    requireWhole('columns', columns, sizeLimits.leastColumns, sizeLimits.most);
    requireWhole('rows', rows, sizeLimits.leastRows, sizeLimits.most);
    requireWhole('scrollback', scrollback, 0, mostScrollback);
    this.#emulator = new Emulator({ columns, rows, scrollback });
    this.#waits = new Waits(() => this.text);
  }

  /** Obey `data`; a string is text that has been decoded. What it asks for is in `takeReplies` afterwards. */
  write(data: Uint8Array | string): void {
    this.#emulator.feed(data);
    this.#waits.look();
  }

  /** Lines that were wrapped are wrapped anew, as xterm does. */
  resize(columns: number, rows: number): void {
    const { leastColumns, leastRows, most } = sizeLimits;
    const within = (number: number, least: number): number => Math.min(Math.max(Math.trunc(number) || 0, least), most);
    this.#emulator.resize(within(columns, leastColumns), within(rows, leastRows));
    this.#waits.look();
  }

  get columns(): number {
    return this.#emulator.columns;
  }

  /** How many rows there are. */
  get height(): number {
    return this.#emulator.rowCount;
  }

  /** The rows from the top, without the places at their ends where nothing was written. */
  get rows(): string[] {
    const { base, text } = this.#shown;
    return Array.from({ length: this.height }, (_, row) => text(base + row));
  }

  /** The rows as one text, without empty ones at the end. */
  get text(): string {
    return this.rows.join('\n').replace(/\n+$/, '');
  }

  /** Rows that have scrolled away, oldest first. */
  get scrollback(): string[] {
    const { base, text } = this.#emulator.buffer('normal');
    return Array.from({ length: base }, (_, line) => text(line));
  }

  /** Throws RangeError for a place that is not on the screen. */
  cell(column: number, row: number): ScreenCell {
    if (row < 0 || row >= this.height) throw new RangeError(`there is no row ${row}`);
    return this.#shown.cell(column, this.#shown.base + row);
  }

  get cursor(): Cursor {
    const { column, row } = this.#emulator.cursor;
    return { column: Math.min(column, this.columns - 1), row, ...this.modes.cursor };
  }

  get modes(): ScreenModes {
    return screenModes(this.#emulator);
  }

  get alternate(): boolean {
    return this.#emulator.shown === 'alternate';
  }

  get title(): string {
    return this.#emulator.title;
  }

  /** What the terminal has answered to the program since the last time; at most 64 KB wait. */
  takeReplies(): string {
    return this.#emulator.takeReplies();
  }

  snapshot(): ScreenSnapshot {
    const { base, cell } = this.#shown;
    const rows = Array.from({ length: this.height }, (_row, row) =>
      Array.from({ length: this.columns }, (_column, column) => cell(column, base + row)),
    );
    const { columns, title, alternate, cursor } = this;
    return { columns, title, alternate, cursor, rows };
  }

  /** A picture of the screen as SVG, for documents; any converter makes a PNG of it (docs/testing-terminal-apps.md). */
  toSvg(options?: PictureOptions): string {
    return svgOf(this.snapshot(), options);
  }

  /** The screen as one `<pre>` element with its styles in it. */
  toHtml(options?: PictureOptions): string {
    return htmlOf(this.snapshot(), options);
  }

  /**
   * What paints all of this on another terminal of the same size: both screens, scrollback, cursor, modes, margins, tab
   * stops, character sets, title. `repaint.ts` says what cannot be told.
   */
  serialize(options?: RepaintOptions): string {
    return repaint(this.#emulator, options);
  }

  /**
   * Resolves when the screen shows `pattern`, which may be now. Those who wait are served in their order: nobody before
   * one who has waited longer. Rejects with a WaitError that has the screen in it, or with the signal's reason.
   */
  until(pattern: string | RegExp, options?: WaitOptions): Promise<ScreenMatch> {
    return this.#waits.until(pattern, options);
  }

  /** Whoever waits is told that nothing will come any more. */
  [Symbol.dispose](): void {
    this.#waits.end('the screen is gone');
    this.#emulator[Symbol.dispose]();
  }

  get #shown(): ReturnType<Emulator['buffer']> {
    return this.#emulator.buffer(this.#emulator.shown);
  }
}

function requireWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new ConfigError(name, `must be a whole number from ${least} to ${most}, got ${value}`);
}
