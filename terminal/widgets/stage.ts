/**
 * What an app shows and who gets what a person does: its layers, its focus, and the picture that was drawn of them last.
 *
 * It sends nothing and knows no time of its own.
 */
import { LocalMisuseError } from '../../transport/errors.ts';
import type { Size } from '../drawing/rectangle.ts';
import type { MouseEvent } from '../keystroke.ts';
import { outwards, Picture, type PictureSetting } from './picture.ts';
import type { Widget } from './widget.ts';

export class Stage {
  focused: Widget | undefined;
  readonly #layers: Widget[];
  /** What was focused under each layer but the first. */
  readonly #focusedBelow: Array<Widget | undefined> = [];
  #picture: Picture | undefined;

  constructor(root: Widget) {
    this.#layers = [root];
  }

  open(layer: Widget): void {
    this.#layers.push(layer);
    this.#focusedBelow.push(this.focused);
    this.focused = undefined;
  }

  closeLayer(): void {
    if (this.#layers.length === 1) throw new LocalMisuseError('nothing was opened');
    this.#layers.pop();
    this.focused = this.#focusedBelow.pop();
  }

  /** To the focused widget, and then to those around it; whether one has taken it. */
  offer(take: (widget: Widget) => boolean): boolean {
    const placement = this.#picture?.placementOf(this.focused) ?? this.#picture?.placementOf(this.#layers.at(-1));
    return [...outwards(placement)].some(({ widget }) => take(widget));
  }

  /** To what is under it, and then to those around that. A press focuses. */
  offerMouse(event: MouseEvent): void {
    const hit = [...outwards(this.#picture?.placementAt(event.column, event.row))];
    if (event.event === 'press') this.focused = hit.find(({ widget }) => widget.canFocus)?.widget ?? this.focused;
    hit.some(({ widget, canvas: { area } }) =>
      widget.mouseReceived({ ...event, column: event.column - area.column, row: event.row - area.row }),
    );
  }

  /** Tab and shift+tab, by their names; whether it was one of them and there is something to focus. */
  moveFocus(key: string): boolean {
    const by = { tab: 1, 'shift+tab': -1 }[key];
    const stops = this.#picture?.stops ?? [];
    if (by === undefined || stops.length === 0) return false;
    const at = stops.findIndex(widget => widget === this.focused);
    this.focused = stops[(Math.max(at, by < 0 ? 0 : -1) + by + stops.length) % stops.length];
    return true;
  }

  /** Draw. If what was focused is no longer there, the first that can be is. */
  draw(size: Size, setting: Omit<PictureSetting, 'focused'>): Picture {
    const first = this.#drawOnce(size, setting);
    const isThere = this.focused !== undefined && first.stops.includes(this.focused);
    if (isThere) return first;
    [this.focused] = first.stops;
    return this.focused ? this.#drawOnce(size, setting) : first;
  }

  #drawOnce(size: Size, setting: Omit<PictureSetting, 'focused'>): Picture {
    this.#picture = new Picture(size, { ...setting, focused: this.focused });
    this.#picture.drawLayers(this.#layers);
    return this.#picture;
  }
}
