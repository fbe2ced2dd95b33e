/**
 * A line editor on a terminal: asks for one line after another, and keeps it on the screen whatever else happens there.
 *
 * One line is read at a time. What is typed while none is read waits for the next. It refuses to run anything that was
 * pasted, and to remember hidden lines. Source: GNU Readline 8.2 manual; xterm ctlseqs, bracketed paste.
 */
import type { CloseReason } from '../../transport/close-reason.ts';
import { asError, ConnectionLostError, LocalMisuseError } from '../../transport/errors.ts';
import { TerminalProtocol, type ITerminalTransport } from '../contracts.ts';
import { keystrokeName, type Keystroke, type Paste } from '../keystroke.ts';
import { beginLine, lineText, type EditState } from './edit-state.ts';
import { keyMapsOf } from './key-maps.ts';
import { LineReading } from './line-reading.ts';
import { LineView } from './line-view.ts';
import {
  resolveLineEditorOptions,
  resolveLineOptions,
  type LineEditorOptions,
  type LineOptions,
  type ResolvedLineEditorOptions,
  type ResolvedLineOptions,
} from './options.ts';
import type { KeyMaps } from './press.ts';
import type { StyledText } from './styled-text.ts';
import { TypeAhead } from './type-ahead.ts';

export interface ReadOptions extends LineOptions {
  /** What stands in the line at first. @default '' */
  readonly text?: string;
  /** Give the line up: `read` rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

export class LineEditor extends TerminalProtocol {
  readonly #options: ResolvedLineEditorOptions;
  readonly #maps: KeyMaps;
  #terminal: ITerminalTransport | undefined;
  #view: LineView | undefined;
  #reading: LineReading | undefined;
  /** What the next line goes on with: kills, and what vi repeats. */
  #before: EditState | undefined;
  readonly #ahead: TypeAhead;
  readonly #gone = new AbortController();
  /** The LF of a CR LF is no second Enter. */
  #afterEnter = false;

  /** Throws ConfigError. */
  constructor(options: LineEditorOptions = {}) {
    super();
    this.#options = resolveLineEditorOptions(options);
    this.#maps = keyMapsOf(this.#options.bindings);
    this.#ahead = new TypeAhead(this.#options.maxTypeahead);
  }

  /** The line that is being read, as it is now; '' if none is. */
  get text(): string {
    return this.#reading ? lineText(this.#reading.state) : '';
  }

  /** Where its cursor is, in graphemes. */
  get cursor(): number {
    return this.#reading?.state.buffer.cursor ?? 0;
  }

  get isReading(): boolean {
    return this.#reading !== undefined;
  }

  /** Lines that were submitted, oldest first. */
  get history(): readonly string[] {
    return this.#options.history.lines;
  }

  /** Aborted when the terminal's connection has ended, with a ConnectionLostError. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** The terminal, once there is one. Throws LocalMisuseError before. */
  get terminal(): ITerminalTransport {
    if (!this.#terminal) throw new LocalMisuseError('the line editor has no terminal yet: start it on one');
    return this.#terminal;
  }

  /**
   * Ask for a line. Rejects with InterruptedError (control+C), EndOfInputError (control+D on an empty line),
   * ConnectionLostError, or the signal's reason; throws LocalMisuseError while another line is read, and ConfigError.
   */
  read(options: ReadOptions = {}): Promise<string> {
    const { text = '', signal, ...rest } = options;
    const line = resolveLineOptions(this.#options, rest);
    if (this.#reading) throw new LocalMisuseError('one line is being read already: await it first');
    const ended = [this.gone, signal].find(each => each?.aborted);
    if (ended) return Promise.reject(asError(ended.reason));
    return new Promise((resolve, reject) => {
      const stop = (): void => this.#reading?.stop(asError(signal?.reason));
      signal?.addEventListener('abort', stop);
      this.#start(line, text, (submitted, failure) => {
        signal?.removeEventListener('abort', stop);
        if (submitted === undefined) reject(failure ?? new Error('no line'));
        else resolve(submitted);
      });
    });
  }

  /** Write whole lines above the one that is being read. Control characters are shown, not obeyed. */
  print(text: StyledText): void {
    if (!this.gone.aborted) this.#view?.print(text);
  }

  override makeConnection(terminal: ITerminalTransport): void {
    this.#terminal = terminal;
    this.#view = new LineView(terminal);
  }

  override keystrokeReceived(stroke: Keystroke): void {
    if (stroke.event === 'release') return;
    const name = keystrokeName(stroke);
    const isRestOfEnter = this.#afterEnter && name === 'control+j';
    this.#afterEnter = name === 'enter';
    if (isRestOfEnter) return;
    if (this.#reading) this.#reading.press(stroke);
    else if (name === 'control+c' && this.#options.onInterrupt) this.#interrupt(this.#options.onInterrupt);
    else this.#keep(stroke);
  }

  override pasteReceived(paste: Paste): void {
    if (this.#reading) this.#reading.paste(paste);
    else this.#keep(paste);
  }

  override terminalSize(): void {
    this.#view?.resized();
    this.#reading?.resized();
  }

  override connectionLost(reason: CloseReason): void {
    const lost = new ConnectionLostError(reason);
    this.#ahead.drop();
    this.#reading?.stop(lost);
    this.#gone.abort(lost);
  }

  #start(line: ResolvedLineOptions, text: string, settle: (text?: string, failure?: Error) => void): void {
    const { terminal } = this;
    const { history, mode, maxLength } = this.#options;
    const reading = new LineReading({
      terminal,
      view: this.#view ?? new LineView(terminal),
      maps: this.#maps,
      editor: this.#options,
      line,
      state: beginLine({
        text,
        maxLength,
        history: line.hidden === false ? history.lines : [],
        mode: mode === 'vi' ? 'vi-insert' : 'emacs',
        multiline: line.multiline,
        before: line.hidden === false ? this.#before : undefined,
      }),
      finished: (submitted, failure) => {
        this.#end(reading, line, submitted);
        settle(submitted, failure);
      },
    });
    this.#reading = reading;
    terminal.setPrivateModes(['bracketedPaste']);
    this.#feed(reading);
  }

  #end(reading: LineReading, line: ResolvedLineOptions, submitted: string | undefined): void {
    this.#reading = undefined;
    this.terminal.resetPrivateModes(['bracketedPaste']);
    if (line.hidden !== false) return;
    this.#before = reading.state;
    if (submitted !== undefined && line.remember) this.#options.history.add(submitted);
  }

  /** What was typed ahead, as far as this line goes. */
  #feed(reading: LineReading): void {
    while (!reading.isOver) {
      const next = this.#ahead.take();
      if (!next) return;
      if ('key' in next) reading.press(next);
      else reading.paste(next);
    }
  }

  #keep(typed: Keystroke | Paste): void {
    if (!this.#ahead.keep(typed)) this.#terminal?.bell();
  }

  /** As at a tty, what was typed ahead is thrown away. */
  #interrupt(tell: () => void): void {
    this.#ahead.drop();
    tell();
  }
}
