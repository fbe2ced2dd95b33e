/**
 * The operations that change a terminal until it is changed back, with how to do that.
 *
 * `change` sends a sequence and remembers its undoing; `changeBack` sends one that is the undoing itself.
 */
import { LocalMisuseError } from '../../transport/errors.ts';
import type { Capabilities } from '../capabilities/capabilities.ts';
import type { ITerminalOperations } from '../contracts.ts';
import * as out from '../output/index.ts';
import { DrawingOperations } from './drawing.ts';

export abstract class TerminalOperations extends DrawingOperations implements ITerminalOperations {
  /** Whether programs may write to the person's clipboard. */
  protected abstract readonly mayCopy: boolean;
  abstract readonly capabilities: Capabilities;
  #keyboardDepth = 0;
  #titleDepth = 0;

  /** Send `sequence`; `undo` takes back `what` it did. */
  protected abstract change(what: string, sequence: string, undo: string): void;
  /** Send `sequence`, which takes back `what`. */
  protected abstract changeBack(what: string, sequence: string): void;
  protected abstract forgetChanges(): void;

  cursorShape(shape: out.CursorShape): void {
    this.#set('cursor shape', out.cursorShape(shape), out.cursorShape('default'));
  }

  scrollRegion(top: number, bottom: number): void {
    this.change('scroll region', out.scrollRegion(top, bottom), out.resetScrollRegion());
  }

  resetScrollRegion(): void {
    this.changeBack('scroll region', out.resetScrollRegion());
  }

  selectCharacterSet(set: out.CharacterSet, into: out.GraphicSet): void {
    this.#set(into, out.selectCharacterSet(set, into), out.selectCharacterSet('us', into));
  }

  shiftIn(): void {
    this.changeBack('shift', out.shiftIn());
  }

  shiftOut(): void {
    this.change('shift', out.shiftOut(), out.shiftIn());
  }

  setModes(modes: readonly out.Mode[]): void {
    for (const mode of modes) this.change(`mode ${out.modeNumber(mode)}`, '', out.resetModes([mode]));
    this.send(out.setModes(modes));
  }

  resetModes(modes: readonly out.Mode[]): void {
    for (const mode of modes) this.changeBack(`mode ${out.modeNumber(mode)}`, '');
    this.send(out.resetModes(modes));
  }

  setPrivateModes(modes: readonly out.PrivateMode[]): void {
    for (const mode of modes) this.privateModeSet(out.privateModeNumber(mode), true);
    this.send(out.setPrivateModes(modes));
  }

  resetPrivateModes(modes: readonly out.PrivateMode[]): void {
    for (const mode of modes) this.privateModeSet(out.privateModeNumber(mode), false);
    this.send(out.resetPrivateModes(modes));
  }

  applicationKeypadMode(): void {
    this.change('keypad', out.applicationKeypadMode(), out.numericKeypadMode());
  }

  numericKeypadMode(): void {
    this.changeBack('keypad', out.numericKeypadMode());
  }

  pushKeyboardFlags(...flags: out.KeyboardFlag[]): void {
    this.#keyboardDepth += 1;
    this.change(`keyboard ${this.#keyboardDepth}`, out.pushKeyboardFlags(...flags), out.popKeyboardFlags());
  }

  popKeyboardFlags(entries = 1): void {
    const sequence = out.popKeyboardFlags(entries);
    const left = Math.max(0, this.#keyboardDepth - entries);
    for (; this.#keyboardDepth > left; this.#keyboardDepth -= 1) this.changeBack(`keyboard ${this.#keyboardDepth}`, '');
    this.send(sequence);
  }

  reset(): void {
    this.forgetChanges();
    this.#keyboardDepth = 0;
    this.#titleDepth = 0;
    this.send(out.reset());
  }

  softReset(): void {
    this.send(out.softReset());
  }

  selectGraphicRendition(...parameters: out.GraphicParameter[]): void {
    const isPlain = parameters.every(parameter => parameter === 0);
    if (isPlain) this.changeBack('style', out.selectGraphicRendition(...parameters));
    else this.change('style', out.selectGraphicRendition(...parameters), out.selectGraphicRendition(0));
  }

  setStyle(style: out.Style): void {
    this.#set('style', out.setStyle(style, this.capabilities), out.selectGraphicRendition(0));
  }

  startHyperlink(uri: string, id?: string): void {
    this.change('hyperlink', out.startHyperlink(uri, id), out.endHyperlink());
  }

  endHyperlink(): void {
    this.changeBack('hyperlink', out.endHyperlink());
  }

  /** The first one remembers the title that was there. */
  setTitle(title: string): void {
    if (this.#titleDepth === 0) this.pushTitle();
    this.send(out.setTitle(title));
  }

  pushTitle(): void {
    this.#titleDepth += 1;
    this.change(`title ${this.#titleDepth}`, out.pushTitle(), out.popTitle());
  }

  popTitle(): void {
    this.changeBack(`title ${this.#titleDepth}`, out.popTitle());
    this.#titleDepth = Math.max(0, this.#titleDepth - 1);
  }

  copyToClipboard(text: string, selection?: out.ClipboardSelection): void {
    if (!this.mayCopy) throw new LocalMisuseError('the clipboard is not ours to write: set the option `clipboard`');
    this.send(out.copyToClipboard(text, selection));
  }

  notify(body: string, options?: { readonly title?: string; readonly form?: out.NotificationForm }): void {
    this.send(out.notify(body, options));
  }

  /** A private mode is being switched. Those that are on at first are put back by switching them on. */
  protected privateModeSet(mode: number, on: boolean): void {
    const what = `private mode ${mode}`;
    if (on === out.onAtFirst.has(mode)) return this.changeBack(what, '');
    this.change(what, '', on ? out.resetPrivateModes([mode]) : out.setPrivateModes([mode]));
  }

  /** A change, unless it sets what was there at first. */
  #set(what: string, sequence: string, undo: string): void {
    if (sequence === undo) this.changeBack(what, sequence);
    else this.change(what, sequence, undo);
  }
}
