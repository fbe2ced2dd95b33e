/**
 * What one place of a screen shows, in the words of terminal/output/style.ts.
 *
 * Styles are those that `setStyle` takes, so that what is read can be written again. What is off is left out.
 */
import type { Colour } from '../output/colour.ts';
import type { Style, Underline } from '../output/style.ts';

export interface Link {
  readonly uri: string;
  /** Places whose links share it belong together. */
  readonly id?: string;
}

export interface ScreenCell {
  /** The grapheme; '' for a place where nothing was written, and for the second half of a wide character. */
  readonly text: string;
  /** Places it takes: 2 for wide characters, 0 for their second halves. */
  readonly width: number;
  /** Colours are palette numbers or `#rrggbb`; underlines are by name, `single` for a plain one. */
  readonly style: Style;
  readonly link?: Link;
}

/** What an emulator tells of a style; numbers other than 0 mean yes. */
export interface StyleSource {
  isBold(): number;
  isDim(): number;
  isItalic(): number;
  isBlink(): number;
  isInverse(): number;
  isInvisible(): number;
  isStrikethrough(): number;
  isOverline(): number;
  hasExtendedAttrs(): number;
  isUnderlineColorDefault(): boolean;
  isUnderlineColorRGB(): boolean;
  getUnderlineColor(): number;
  isFgDefault(): boolean;
  isFgRGB(): boolean;
  getFgColor(): number;
  isBgDefault(): boolean;
  isBgRGB(): boolean;
  getBgColor(): number;
}

const switches = [
  ['bold', 'isBold'],
  ['dim', 'isDim'],
  ['italic', 'isItalic'],
  ['blink', 'isBlink'],
  ['inverse', 'isInverse'],
  ['hidden', 'isInvisible'],
  ['strikethrough', 'isStrikethrough'],
  ['overline', 'isOverline'],
] as const;

const underlines: readonly (Underline | undefined)[] = [undefined, 'single', 'double', 'curly', 'dotted', 'dashed'];

/** `underline` is 0 for none, and else the number behind SGR `4:`. */
export function styleOf(source: StyleSource, underline: number): Style {
  const on = switches.filter(([, is]) => source[is]() !== 0).map(([name]): [string, true] => [name, true]);
  const underlineColour = underline === 0 ? undefined : underlineColourOf(source);
  const foreground = colourOf(source.isFgDefault(), source.isFgRGB(), source.getFgColor());
  const background = colourOf(source.isBgDefault(), source.isBgRGB(), source.getBgColor());
  return {
    ...Object.fromEntries(on),
    ...(underline === 0 ? {} : { underline: underlines[underline] ?? 'single' }),
    ...(foreground === undefined ? {} : { foreground }),
    ...(background === undefined ? {} : { background }),
    ...(underlineColour === undefined ? {} : { underlineColour }),
  };
}

/** Whether a style changes nothing. */
export const isPlain = (style: Style): boolean => Object.keys(style).length === 0;

function underlineColourOf(source: StyleSource): Colour | undefined {
  if (source.hasExtendedAttrs() === 0) return undefined;
  return colourOf(source.isUnderlineColorDefault(), source.isUnderlineColorRGB(), source.getUnderlineColor());
}

function colourOf(isDefault: boolean, isRgb: boolean, colour: number): Colour | undefined {
  if (isDefault) return undefined;
  return isRgb ? `#${colour.toString(16).padStart(6, '0')}` : colour;
}
