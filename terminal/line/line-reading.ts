/**
 * One line while it is read: the state, and what its effects ask for, on the screen.
 *
 * All keystrokes that come in one packet are drawn once. When it is over it draws nothing more, and says so once.
 */
import { EndOfInputError, InterruptedError } from '../../transport/errors.ts';
import type { ITerminalTransport } from '../contracts.ts';
import { keystroke, keystrokeName, type Keystroke, type Paste } from '../keystroke.ts';
import { text as printable } from '../output/text.ts';
import { CompletionSession, type CompletionKey } from './completion-session.ts';
import { lineText, type EditState } from './edit-state.ts';
import { insert, together } from './edits.ts';
import type { Picture } from './frame.ts';
import { searchPrompt } from './incremental-search.ts';
import { graphemesOf } from '../width.ts';
import type { LineView } from './line-view.ts';
import type { ResolvedLineEditorOptions, ResolvedLineOptions } from './options.ts';
import { press, type KeyMaps } from './press.ts';
import type { Span, StyledText } from './styled-text.ts';

export interface LineReadingParts {
  readonly terminal: ITerminalTransport;
  readonly view: LineView;
  readonly maps: KeyMaps;
  readonly editor: ResolvedLineEditorOptions;
  readonly line: ResolvedLineOptions;
  readonly state: EditState;
  /** Called once: with the text, or with why there is none. */
  readonly finished: (text: string | undefined, failure: Error | undefined) => void;
}

const completionKeys: ReadonlySet<string> = new Set<CompletionKey>([
  'complete',
  'complete-backwards',
  'list-candidates',
  'insert-candidates',
]);
const isCompletionKey = (effect: string): effect is CompletionKey => completionKeys.has(effect);

export class LineReading {
  readonly #parts: LineReadingParts;
  readonly #completion = new CompletionSession();
  #state: EditState;
  #isOver = false;
  #isScheduled = false;

  constructor(parts: LineReadingParts) {
    this.#parts = parts;
    this.#state = parts.state;
    this.#schedule();
  }

  get state(): EditState {
    return this.#state;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  press(stroke: Keystroke): void {
    if (this.#takesHint(stroke)) return this.#become(insert(this.#state, this.#hint()));
    const next = press(this.#state, stroke, this.#parts.maps);
    if (!next.effect || !isCompletionKey(next.effect)) this.#completion.stop();
    this.#become(next);
  }

  paste({ text, truncated }: Paste): void {
    const [first = '', ...others] = this.#parts.editor.pasteSubmits ? text.split('\n') : [text];
    this.#insertPasted(first);
    if (truncated) this.#parts.terminal.bell();
    for (const line of others) {
      if (this.#isOver) return;
      this.press(keystroke('enter'));
      if (!this.#isOver) this.#insertPasted(line);
    }
  }

  /** Nothing is read any more: the line stays on the screen as it is. */
  stop(failure: Error, mark: StyledText = ''): void {
    this.#finish(undefined, failure, mark);
  }

  resized(): void {
    this.#schedule();
  }

  #insertPasted(text: string): void {
    this.#completion.stop();
    this.#become(together({ ...this.#state, search: undefined }, state => insert(state, printable(text))));
  }

  #become(next: EditState): void {
    this.#state = { ...next, effect: undefined };
    if (next.effect) this.#obey(next.effect);
    this.#schedule();
  }

  #obey(effect: NonNullable<EditState['effect']>): void {
    if (isCompletionKey(effect)) return this.#complete(effect);
    const obeyed = {
      bell: () => this.#parts.terminal.bell(),
      'clear-screen': () => this.#parts.view.clearScreen(),
      submit: () => this.#submit(),
      interrupt: () => this.#finish(undefined, new InterruptedError('the line was interrupted by control+C'), '^C'),
      end: () => this.#finish(undefined, new EndOfInputError('the input was ended by control+D'), ''),
    };
    obeyed[effect]();
  }

  #submit(): void {
    const text = lineText(this.#state);
    if (this.#parts.line.isComplete(text)) this.#finish(text, undefined, '');
    else this.#become(insert({ ...this.#state, multiline: true }, '\n'));
  }

  #complete(key: CompletionKey): void {
    const { complete, hidden } = this.#parts.line;
    if (!complete || hidden !== false) return this.#parts.terminal.bell();
    const next = this.#completion.press(this.#state, key, complete);
    if (!(next instanceof Promise)) return this.#become(next);
    void next.then(state => {
      if (state && !this.#isOver) this.#become(state);
    });
  }

  #finish(text: string | undefined, failure: Error | undefined, mark: StyledText): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#completion.stop();
    const { graphemes } = this.#state.buffer;
    this.#state = { ...this.#state, search: undefined, argument: undefined };
    this.#parts.view.finish({ ...this.#picture(), cursor: graphemes.length, hint: mark, below: [] });
    this.#parts.finished(text, failure);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      if (!this.#isOver) this.#parts.view.show(this.#picture());
    });
  }

  #picture(): Picture {
    const { terminal, line, editor } = this.#parts;
    const cursor = line.hidden === false || typeof line.hidden === 'string' ? this.#state.buffer.cursor : 0;
    return {
      prompt: this.#prompt(),
      continuation: line.continuation,
      text: this.#text(),
      cursor,
      hint: [{ text: this.#hint(), style: { dim: true } }],
      below: this.#completion.list(terminal.size.columns, Math.min(editor.maxListRows, terminal.size.rows - 1)),
    };
  }

  #prompt(): StyledText {
    const { search, argument } = this.#state;
    if (search) return searchPrompt(search);
    if (argument) return `(arg: ${argument.negative ? '-' : ''}${argument.digits || (argument.negative ? '1' : '')}) `;
    return this.#parts.line.prompt;
  }

  #text(): readonly Span[] {
    const { hidden, highlight } = this.#parts.line;
    const text = lineText(this.#state);
    if (hidden === true) return [];
    if (typeof hidden === 'string') return [{ text: hidden.repeat(graphemesOf(text).length) }];
    const spans = highlight(text);
    return spans.map(span => span.text).join('') === text ? spans : [{ text }];
  }

  #hint(): string {
    const { hidden, hint } = this.#parts.line;
    const { buffer, search } = this.#state;
    const isAtEnd = buffer.cursor === buffer.graphemes.length;
    return isAtEnd && !search && hidden === false ? printable(hint(lineText(this.#state))) : '';
  }

  #takesHint(stroke: Keystroke): boolean {
    return ['right', 'end', 'control+f', 'control+e'].includes(keystrokeName(stroke)) && this.#hint() !== '';
  }
}
