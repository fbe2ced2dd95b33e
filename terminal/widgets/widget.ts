/**
 * The contract of a widget: it says what size it wants, draws into the rectangle that it gets, and takes what a person
 * does or passes it on.
 *
 * A widget keeps its own state and never draws by itself: after everything that it has taken, its app draws all anew, and
 * the renderer sends what is different. What it passes on goes to the widget that drew it, and so on to the app.
 */
import type { Canvas } from '../drawing/canvas.ts';
import type { Rectangle, Size } from '../drawing/rectangle.ts';
import type { Keystroke, MouseEvent, Paste } from '../keystroke.ts';
import type { Theme } from './theme.ts';

/** What a widget knows of the app while it is drawn. */
export interface WidgetView {
  readonly theme: Theme;
  /** Milliseconds of the app's clock, for what moves by itself. */
  readonly now: number;
  isFocused(widget: Widget): boolean;
  /** Draw a child. What is not drawn gets no keys and no clicks. */
  draw(child: Widget, canvas: Canvas): void;
  /** The cursor is to stand here; only the focused widget asks for it. */
  showCursor(canvas: Canvas, column: number, row: number): void;
  /** Draw again after so many milliseconds, for what moves by itself. */
  drawAgainIn(milliseconds: number): void;
  /** Where in `canvas` the focused widget has been drawn, if it has been so far. */
  focusIn(canvas: Canvas): Rectangle | undefined;
}

export abstract class Widget {
  /** Whether it takes keys: tab stops at it, a click focuses it. */
  get canFocus(): boolean {
    return false;
  }

  /** The size that it would like, where there is `room`. It may get more or less. */
  abstract wanted(room: Size): Size;

  /** Draw into all of `canvas`, which may be of no size. */
  abstract draw(canvas: Canvas, view: WidgetView): void;

  /** A key, while it or something in it is focused. True when it has taken it. */
  keystrokeReceived(_keystroke: Keystroke): boolean {
    return false;
  }

  pasteReceived(_paste: Paste): boolean {
    return false;
  }

  /** A click or a wheel on it; places count from its own top left. */
  mouseReceived(_event: MouseEvent): boolean {
    return false;
  }
}
