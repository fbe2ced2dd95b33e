/**
 * The one port to @xterm/headless: a terminal emulator without a display, which keeps the screen that bytes make.
 *
 * Nothing outside this file knows the library. It answers what a program asks of a terminal, and keeps within bounds
 * (limits.ts). Bytes are obeyed at once: no timers. Source: the library's typings (6.0) and, for `Core`, its code.
 */
import headless from '@xterm/headless';
import type { IBufferCell, IBufferLine, IModes, IUnicodeVersionProvider } from '@xterm/headless';
import { IncompatibleLibraryError } from '../../transport/errors.ts';
import type { Style } from '../output/style.ts';
import { styleOf, type Link, type ScreenCell, type StyleSource } from './cell.ts';
import { mendErasing, type ErasedLines } from './erasing.ts';
import { KeyboardStack, type ScreenName } from './keyboard-stack.ts';
import { us, type Charsets } from './repaint-charsets.ts';
import { mostReplyLength, refuseTooMuch, withFewMarks } from './limits.ts';

export interface EmulatorOptions {
  /** @default 80 */
  readonly columns?: number;
  /** @default 24 */
  readonly rows?: number;
  /** Lines kept after they scroll away. @default 1_000 */
  readonly scrollback?: number;
}

type Attributes = StyleSource & {
  readonly fg: number;
  readonly bg: number;
  readonly extended: { readonly urlId: number; readonly _ext: number };
};
type Charset = Readonly<Record<string, string>> | undefined;

interface CoreBuffer extends ErasedLines {
  readonly savedX: number;
  readonly savedY: number;
  readonly savedCurAttrData: Attributes;
  readonly savedCharset: Charset;
  readonly scrollTop: number;
  readonly scrollBottom: number;
  readonly tabs: Readonly<Record<number, boolean>>;
}

/** What is reached into behind the typings. test/terminal/screen/repaint.test.ts fails when it is not there. */
interface Core {
  readonly _bufferService: { readonly buffers: { readonly normal: CoreBuffer; readonly alt: CoreBuffer } };
  readonly _charsetService: { readonly glevel: number; readonly charset: Charset; readonly _charsets: Charset[] };
  readonly _oscLinkService: { getLinkData(id: number): Link | undefined; readonly _dataByLinkId: Map<number, Link> };
  readonly _inputHandler: {
    readonly _curAttrData: Attributes;
    readonly _windowTitleStack: readonly string[];
    eraseInDisplay(parameters: { readonly params: readonly number[] }, keepsProtected: boolean): unknown;
  };
  readonly _writeBuffer: { writeSync(data: Uint8Array | string): void };
  readonly coreService: {
    readonly isCursorHidden: boolean;
    readonly decPrivateModes: { readonly cursorStyle?: string; readonly cursorBlink?: boolean };
  };
  readonly coreMouseService: { readonly activeEncoding: string };
  readonly unicodeService: { readonly _providers: Readonly<Record<string, IUnicodeVersionProvider>> };
}

/** One of the two screens, with what the emulator keeps for each. Lines count from 0, the oldest of the scrollback. */
export interface EmulatorBuffer {
  readonly length: number;
  /** The line that is the top row. */
  readonly base: number;
  readonly isWrapped: (line: number) => boolean;
  readonly text: (line: number) => string;
  readonly cell: (column: number, line: number) => ScreenCell;
  readonly margins: { readonly top: number; readonly bottom: number };
  readonly tabStops: readonly number[];
  readonly saved: { readonly column: number; readonly row: number; readonly style: Style; readonly charset: string };
}

export class Emulator implements Disposable {
  readonly keyboard = new KeyboardStack();
  readonly #terminal: headless.Terminal;
  readonly #core: Core;
  #title = '';
  #replies = '';

  constructor({ columns = 80, rows = 24, scrollback = 1_000 }: EmulatorOptions = {}) {
    this.#terminal = new headless.Terminal({
      cols: columns,
      rows,
      scrollback,
      allowProposedApi: true,
      logLevel: 'off',
      windowOptions: { pushTitle: true, popTitle: true, getWinSizeChars: true },
    });
    this.#core = (this.#terminal as unknown as { _core: Core })._core;
    this.#terminal.onTitleChange(title => (this.#title = title));
    this.#terminal.onData(reply => this.#reply(reply));
    this.#boundMarks();
    const { parser } = this.#terminal;
    refuseTooMuch(parser, () => this.#core._oscLinkService._dataByLinkId.size);
    mendErasing(parser, () => ({
      columns: this.columns,
      rowCount: this.rowCount,
      cursor: this.cursor,
      shownLines: this.#coreBuffer(this.shown),
      erase: (what, keepsProtected) => this.#core._inputHandler.eraseInDisplay({ params: [what] }, keepsProtected),
    }));
    this.keyboard.listen(parser, { screen: () => this.shown, reply: answer => this.#reply(answer) });
  }

  /** The screen shows it when this returns. */
  feed(data: Uint8Array | string): void {
    if (data.length > 0) this.#core._writeBuffer.writeSync(data);
  }

  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
  }

  get columns(): number {
    return this.#terminal.cols;
  }

  get rowCount(): number {
    return this.#terminal.rows;
  }

  /** `column` is the number of columns when the next character goes to the next row. */
  get cursor(): { readonly column: number; readonly row: number } {
    const { cursorX, cursorY } = this.#terminal.buffer.active;
    // A combining mark at the edge, with nothing to combine with, takes the library past it.
    return { column: Math.min(cursorX, this.columns), row: cursorY };
  }

  get shown(): ScreenName {
    return this.#terminal.buffer.active.type;
  }

  /** The library's names: `bracketedPasteMode`, `mouseTrackingMode` … */
  get modes(): IModes & { readonly newLineMode: boolean; readonly mouseEncoding: string } {
    const newLineMode = this.#terminal.options.convertEol ?? false;
    return { ...this.#terminal.modes, newLineMode, mouseEncoding: this.#core.coreMouseService.activeEncoding };
  }

  get cursorLook(): { readonly visible: boolean; readonly shape: string | undefined; readonly blinks: boolean } {
    const { isCursorHidden, decPrivateModes } = this.#core.coreService;
    return {
      visible: !isCursorHidden,
      shape: decPrivateModes.cursorStyle,
      blinks: decPrivateModes.cursorBlink ?? false,
    };
  }

  get title(): string {
    return this.#title;
  }

  /** Titles that were pushed, oldest first. */
  get titleStack(): readonly string[] {
    return this.#core._inputHandler._windowTitleStack;
  }

  /** How the next character will look. */
  get pen(): { readonly style: Style; readonly link: Link | undefined } {
    const attributes = this.#core._inputHandler._curAttrData;
    return { style: styleIn(attributes), link: this.#link(attributes) };
  }

  get charsets(): Charsets {
    const { _charsets, glevel, charset } = this.#core._charsetService;
    return { sets: [0, 1, 2, 3].map(slot => nameOf(_charsets[slot])), used: glevel, inForce: nameOf(charset) };
  }

  /** What the emulator has answered since the last time. */
  takeReplies(): string {
    const replies = this.#replies;
    this.#replies = '';
    return replies;
  }

  buffer(name: ScreenName): EmulatorBuffer {
    const shown = this.#terminal.buffer[name];
    const { savedX, savedY, savedCurAttrData, savedCharset, ybase, scrollTop, scrollBottom, tabs } =
      this.#coreBuffer(name);
    return {
      length: shown.length,
      base: ybase,
      isWrapped: line => shown.getLine(line)?.isWrapped ?? false,
      text: line => shown.getLine(line)?.translateToString(true) ?? '',
      cell: (column, line) => this.#cell(shown.getLine(line), column),
      margins: { top: scrollTop, bottom: scrollBottom },
      tabStops: Object.keys(tabs)
        .map(Number)
        .filter(column => tabs[column] && column < this.columns),
      saved: {
        column: Math.min(savedX, this.columns - 1),
        row: Math.min(Math.max(savedY - ybase, 0), this.rowCount - 1),
        style: styleIn(savedCurAttrData),
        charset: nameOf(savedCharset),
      },
    };
  }

  [Symbol.dispose](): void {
    this.#terminal.dispose();
  }

  #coreBuffer(name: ScreenName): CoreBuffer {
    return this.#core._bufferService.buffers[name === 'normal' ? 'normal' : 'alt'];
  }

  #reply(answer: string): void {
    if (this.#replies.length + answer.length <= mostReplyLength) this.#replies += answer;
  }

  #boundMarks(): void {
    const { unicode } = this.#terminal;
    const provider = this.#core.unicodeService._providers[unicode.activeVersion];
    if (!provider) throw new IncompatibleLibraryError('@xterm/headless has no widths of characters; run `npm ci`');
    const bounded = withFewMarks(provider);
    unicode.register(bounded);
    unicode.activeVersion = bounded.version;
  }

  #link(attributes: Attributes): Link | undefined {
    const id = attributes.hasExtendedAttrs() === 0 ? 0 : attributes.extended.urlId;
    const { id: name, uri } = this.#core._oscLinkService.getLinkData(id) ?? { uri: '' };
    return uri === '' ? undefined : { uri, ...(name === undefined ? {} : { id: name }) };
  }

  #cell(line: IBufferLine | undefined, column: number): ScreenCell {
    const cell = line?.getCell(column);
    if (!line || !cell) throw new RangeError(`there is no place in column ${column} of that line`);
    const attributes = cell as unknown as Attributes;
    const link = this.#link(attributes);
    const place = { ...untorn(line, column, cell), style: styleIn(attributes) };
    return link ? { ...place, link } : place;
  }
}

/** Half a wide character is an empty place: the library leaves some, where a line was cut or its edge overwritten. */
function untorn(line: IBufferLine, column: number, cell: IBufferCell): { text: string; width: number } {
  const [text, width] = [cell.getChars(), cell.getWidth()];
  const isFirst = (half: IBufferCell | undefined): boolean => half?.getWidth() === 2;
  const isSecond = (half: IBufferCell | undefined): boolean => half?.getWidth() === 0 && half.getChars() === '';
  if (isFirst(cell) && !isSecond(line.getCell(column + 1))) return { text: '', width: 1 };
  if (isSecond(cell) && (column === 0 || !isFirst(line.getCell(column - 1)))) return { text: '', width: 1 };
  return { text, width };
}

/** Most places have this one. */
const plain: Style = Object.freeze({});

/** The library calls linked text underlined; what was asked for is in these bits. */
function styleIn(attributes: Attributes): Style {
  if (attributes.fg === 0 && attributes.bg === 0) return plain;
  const asked = attributes.hasExtendedAttrs() === 0 ? 0 : (attributes.extended._ext >>> 26) & 7;
  const isUnderlined = (attributes.fg & 0x10_00_00_00) !== 0;
  return styleOf(attributes, asked || Number(isUnderlined));
}

/** The names of character sets by their tables, which are seen by selecting each. */
let charsetNames: Map<Charset, string> | undefined;

function nameOf(charset: Charset): string {
  charsetNames ??= new Map([...'0A4C5RQKYE6ZH7='].map(name => [charsetNamed(name), name]));
  return charsetNames.get(charset) ?? us;
}

function charsetNamed(name: string): Charset {
  const terminal = new headless.Terminal({ cols: 2, rows: 1 }) as unknown as { _core: Core };
  terminal._core._writeBuffer.writeSync(`\x1b(${name}`);
  return terminal._core._charsetService._charsets[0];
}
