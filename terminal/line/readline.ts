/**
 * The line editor in the words of `node:readline/promises`, for programs and people that know those.
 *
 * Differs where a terminal over a network has to: a line is read only when somebody asks for one (`question`, `prompt`, the
 * iterator); what is typed meanwhile waits. control+C without a listener for SIGINT closes, and control+D does.
 * Source: Node.js documentation, "Readline".
 */
import { EventEmitter } from 'node:events';
import { EndOfInputError, InterruptedError } from '../../transport/errors.ts';
import type { LineEditor } from './line-editor.ts';
import type { StyledText } from './styled-text.ts';

interface ReadlineEvents {
  /** A line that `prompt` asked for. */
  line: [line: string];
  close: [];
  SIGINT: [];
}

export class Readline extends EventEmitter<ReadlineEvents> implements AsyncIterable<string>, Disposable {
  readonly #editor: LineEditor;
  readonly #closing = new AbortController();
  #prompt: StyledText;

  constructor(editor: LineEditor, { prompt = '> ' }: { readonly prompt?: StyledText } = {}) {
    super();
    this.#editor = editor;
    this.#prompt = prompt;
  }

  /** The line that is being read, as it is now. */
  get line(): string {
    return this.#editor.text;
  }

  /** Its cursor, in graphemes. */
  get cursor(): number {
    return this.#editor.cursor;
  }

  get history(): readonly string[] {
    return this.#editor.history;
  }

  get closed(): boolean {
    return this.#closing.signal.aborted;
  }

  setPrompt(prompt: StyledText): void {
    this.#prompt = prompt;
  }

  getPrompt(): StyledText {
    return this.#prompt;
  }

  /** Ask for a line. Rejects with the signal's reason, and with what closed this meanwhile. */
  async question(query: StyledText, { signal }: { readonly signal?: AbortSignal } = {}): Promise<string> {
    for (;;) {
      try {
        const given = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
        return await this.#editor.read({ prompt: query, signal: given });
      } catch (error) {
        const isHeard = error instanceof InterruptedError && this.emit('SIGINT');
        if (isHeard && !this.closed) continue;
        if (!signal?.aborted) this.close();
        throw error;
      }
    }
  }

  /** Ask for a line with the prompt, and tell it as the event `line`. */
  prompt(): void {
    void this.question(this.#prompt).then(
      line => this.emit('line', line),
      () => undefined,
    );
  }

  /** Write whole lines above the one that is being read. */
  print(text: StyledText): void {
    this.#editor.print(text);
  }

  /** Read no more lines; the terminal stays open. */
  close(): void {
    if (this.closed) return;
    this.#closing.abort(new EndOfInputError('the reader was closed'));
    this.emit('close');
  }

  /** Line after line, until this is closed. */
  async *[Symbol.asyncIterator](): AsyncGenerator<string, undefined> {
    while (!this.closed) {
      try {
        yield await this.question(this.#prompt);
      } catch (error) {
        if (this.closed) return;
        throw error;
      }
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
