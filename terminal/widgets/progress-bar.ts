/** How much is done, in eighths of a cell. */
import type { Canvas } from '../drawing/canvas.ts';
import type { Size } from '../drawing/rectangle.ts';
import { Widget, type WidgetView } from './widget.ts';

const parts = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;
/** For the figure: ` 100%`. */
const FIGURE = 5;

export class ProgressBar extends Widget {
  /** From 0 to 1; what is beyond is shown as the nearest. */
  value: number;

  constructor(value = 0) {
    super();
    this.value = value;
  }

  override wanted({ columns }: Size): Size {
    return { columns: Math.min(columns, 40), rows: 1 };
  }

  override draw(canvas: Canvas, { theme }: WidgetView): void {
    const done = Math.min(1, Math.max(0, this.value || 0));
    const length = Math.max(0, canvas.columns - FIGURE);
    const eighths = Math.round(done * length * 8);
    const full = Math.floor(eighths / 8);
    const bar = '█'.repeat(full) + (parts[eighths % 8] ?? '');
    canvas.write(0, 0, '─'.repeat(length), theme.barRest);
    canvas.write(0, 0, bar, theme.bar);
    canvas.write(length, 0, `${Math.floor(done * 100)}%`.padStart(FIGURE));
  }
}
