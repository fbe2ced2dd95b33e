/**
 * Draws one line on a terminal, and keeps it right while the terminal changes its size.
 *
 * Terminals differ in what a new size does to the rows above the cursor: most join and wrap them again, some leave them.
 * Where that makes a difference, the terminal is asked for its cursor, and nothing is drawn until it has answered.
 */
import type { ITerminalTransport } from '../contracts.ts';
import { clip, layOut, type Frame, type Picture } from './frame.ts';
import { Painter } from './painter.ts';
import { withoutLastLineFeed, type StyledText } from './styled-text.ts';

export class LineView {
  readonly #terminal: ITerminalTransport;
  readonly #painter = new Painter();
  #picture: Picture | undefined;
  #shown: Frame | undefined;
  #top = 0;
  #isAsking = false;
  /** What is to be printed once the terminal has answered. */
  #waiting: StyledText[] = [];

  constructor(terminal: ITerminalTransport) {
    this.#terminal = terminal;
  }

  show(picture: Picture): void {
    this.#picture = picture;
    if (!this.#isAsking) this.#draw(picture);
  }

  /** Write above the line: whole lines, in their styles. */
  print(text: StyledText): void {
    if (this.#isAsking) return void this.#waiting.push(text);
    this.#write(this.#painter.erase() + this.#lines(text));
    this.#painter.forget();
    if (this.#picture) this.show(this.#picture);
  }

  /** Show `picture`, and leave it on the screen; the cursor comes below. */
  finish(picture: Picture): void {
    this.#isAsking = false;
    this.#draw(picture);
    this.#write(this.#painter.leave());
    [this.#picture, this.#shown, this.#top] = [undefined, undefined, 0];
    this.#printWaiting();
  }

  clearScreen(): void {
    this.#terminal.cursorHome();
    this.#terminal.eraseDisplay();
    this.#painter.forget();
    if (this.#picture) this.show(this.#picture);
  }

  resized(): void {
    const [picture, shown] = [this.#picture, this.#shown];
    if (!picture || !shown || this.#isAsking) return;
    const wrapped = this.#frame(picture).cursor;
    const left = { row: shown.cursor.row, column: Math.min(shown.cursor.column, this.#terminal.size.columns - 1) };
    if (wrapped.row === left.row) return this.#redraw(left.row);
    this.#isAsking = true;
    void this.#ask(shown);
  }

  async #ask(shown: Frame): Promise<void> {
    const answer = await this.#terminal.reportCursorPosition().catch(() => undefined);
    if (!this.#isAsking || !this.#picture) return;
    this.#isAsking = false;
    const wrapped = this.#frame(this.#picture).cursor;
    const left = Math.min(shown.cursor.column, this.#terminal.size.columns - 1);
    const isWrapped = answer ? answer.column === wrapped.column && answer.column !== left : false;
    this.#redraw(isWrapped ? wrapped.row : shown.cursor.row);
    this.#printWaiting();
  }

  #printWaiting(): void {
    for (const text of this.#waiting.splice(0)) this.print(text);
  }

  /** Draw all anew; the cursor is in this row of what is there. */
  #redraw(row: number): void {
    this.#painter.cursorIs(row, row + 1);
    this.#write(this.#painter.erase());
    if (this.#picture) this.#draw(this.#picture);
  }

  #draw(picture: Picture): void {
    this.#shown = this.#frame(picture);
    this.#write(this.#painter.paint(this.#shown));
  }

  #frame(picture: Picture): Frame {
    const { size, capabilities } = this.#terminal;
    const { frame, top } = clip(layOut(picture, size.columns, capabilities), size.rows, this.#top);
    this.#top = top;
    return frame;
  }

  #lines(text: StyledText): string {
    const { size, capabilities } = this.#terminal;
    const lines: Picture = { prompt: '', continuation: '', text: [], cursor: -1, hint: '', below: [] };
    const frame = layOut({ ...lines, text: withoutLastLineFeed(text) }, size.columns, capabilities);
    const painter = new Painter();
    return painter.paint({ ...frame, cursor: { row: frame.rows.length - 1, column: 0 } }) + painter.leave();
  }

  #write(out: string): void {
    if (out !== '') this.#terminal.write(out);
  }
}
