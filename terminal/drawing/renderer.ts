/**
 * Makes a terminal's screen look like a grid, and sends no more than that takes.
 *
 * It knows what it has drawn, and assumes that nobody else draws. Between pictures the style is plain. It refuses to erase
 * to a background colour and to repeat characters (REP), as not all terminals do.
 */
import { eraseDisplay } from '../output/erase.ts';
import { resetPrivateModes, setPrivateModes } from '../output/modes.ts';
import type { StyleAbilities } from '../output/style.ts';
import type { CursorState, Place } from './cursor-move.ts';
import { Grid, plain } from './grid.ts';
import { bytesIn, Pen } from './pen.ts';
import { RowDifference } from './row-difference.ts';
import { findScroll } from './scroll.ts';

export interface RendererAbilities extends StyleAbilities {
  readonly synchronizedOutput: boolean;
}

/** Shorter pictures come in one packet: nobody sees half of one. */
const SHOWN_AT_ONCE = 200;
/** In less, no movement of rows is looked for. */
const WORTH_SCROLLING = 40;

export class Renderer {
  /** What the terminal can show; may change between pictures. */
  abilities: RendererAbilities;
  #shown: Grid | undefined;
  #cursor: CursorState | undefined;
  #isCursorVisible = false;

  /** The terminal's cursor has to be invisible at first. */
  constructor(abilities: RendererAbilities) {
    this.abilities = abilities;
  }

  /** Nothing is known of the screen any more: the next picture begins with an empty one. */
  forget(): void {
    this.#shown = undefined;
  }

  /** What turns the screen into `next`, with the cursor at `cursor`, or invisible; '' when it is so already. */
  render(next: Grid, cursor?: Place): string {
    const pen = this.#draw(next);
    this.#shown = next;
    const drawn = pen.written;
    if (cursor) pen.moveTo(cursor);
    this.#cursor = pen.cursor;
    const shows = cursor !== undefined && !this.#isCursorVisible;
    const hides = cursor === undefined && this.#isCursorVisible;
    this.#isCursorVisible = cursor !== undefined;
    const move = pen.written.slice(drawn.length);
    return this.#atOnce((hides ? hideCursor : '') + drawn + move + (shows ? showCursor : ''));
  }

  /** The changes alone, or behind a movement of rows, or everything on an empty screen: what is shortest. */
  #draw(next: Grid): Pen {
    const { columns = 0, rows = 0 } = this.#shown ?? {};
    if (!this.#shown || columns !== next.columns || rows !== next.rows) return this.#drawAnew(next);
    const changes = this.#drawChanges(this.#shown, next, this.#pen(next));
    if (changes.written.length < WORTH_SCROLLING) return changes;
    const best = shorter(changes, this.#drawScrolled(this.#shown, next));
    if (best.written.length < SHOWN_AT_ONCE || !this.abilities.synchronizedOutput) return best;
    if (best.written.length < next.countLetters()) return best;
    return shorter(best, this.#drawAnew(next));
  }

  /** The changes behind a movement of rows, if there is one. */
  #drawScrolled(shown: Grid, next: Grid): Pen | undefined {
    const scroll = findScroll(shown, next);
    if (!scroll) return undefined;
    const pen = this.#pen(next);
    pen.scroll(scroll, next.rows);
    return this.#drawChanges(shown.scrolled(scroll), next, pen);
  }

  #pen(next: Grid): Pen {
    return new Pen(this.#cursor, next.columns, this.abilities);
  }

  #drawAnew(next: Grid): Pen {
    const pen = new Pen(undefined, next.columns, this.abilities);
    pen.written = eraseDisplay();
    return this.#drawChanges(new Grid(next), next, pen);
  }

  #drawChanges(shown: Grid, next: Grid, pen: Pen): Pen {
    for (let row = 0; row < next.rows; row += 1)
      if (!next.isSame(row, shown)) new RowDifference(shown, next, row, pen).write();
    pen.setStyle(plain);
    return pen;
  }

  #atOnce(bytes: string): string {
    if (bytes.length < SHOWN_AT_ONCE) return bytes;
    if (this.abilities.synchronizedOutput) return beginPicture + bytes + endPicture;
    return this.#isCursorVisible ? hideCursor + bytes + showCursor : bytes;
  }
}

const shorter = (one: Pen, other: Pen | undefined): Pen =>
  other && bytesIn(other.written) < bytesIn(one.written) ? other : one;

const hideCursor = resetPrivateModes(['cursorVisible']);
const showCursor = setPrivateModes(['cursorVisible']);
const beginPicture = setPrivateModes(['synchronizedOutput']);
const endPicture = resetPrivateModes(['synchronizedOutput']);
