/**
 * What can be seen of a cell: two cells that look alike need no byte to be made the same.
 *
 * Of a blank, only the background and lines through or around it can be seen.
 */
import type { Style } from '../output/style.ts';
import type { Cell } from './cells.ts';
import { plain } from './grid.ts';

const isSingle = ({ underline }: Style): boolean => underline === true || underline === 'single';

const sameLines = (one: Style, other: Style): boolean =>
  ((one.underline || undefined) === (other.underline || undefined) || (isSingle(one) && isSingle(other))) &&
  !one.strikethrough === !other.strikethrough &&
  !one.overline === !other.overline &&
  one.underlineColour === other.underlineColour;

const sameLetters = (one: Style, other: Style): boolean =>
  one.foreground === other.foreground &&
  !one.bold === !other.bold &&
  !one.dim === !other.dim &&
  !one.italic === !other.italic &&
  !one.blink === !other.blink &&
  !one.hidden === !other.hidden;

const sameGround = (one: Style, other: Style): boolean =>
  one.background === other.background && !one.inverse === !other.inverse;

/** What a blank shows of its text's style. */
const showsText = ({ inverse, underline, strikethrough, overline }: Style): boolean =>
  Boolean(inverse || underline || strikethrough || overline);

/** A blank in one style looks as in the other. The colour of an inverse or underlined blank is the text's. */
export const sameOnBlanks = (one: Style, other: Style): boolean =>
  one === other || (sameGround(one, other) && sameLines(one, other) && (!showsText(one) || sameLetters(one, other)));

const sameStyle = (one: Style, other: Style): boolean =>
  one === other || (sameGround(one, other) && sameLetters(one, other) && sameLines(one, other));

/** What is written in `pen` looks as it should. */
export const fits = (pen: Style, cell: Cell): boolean =>
  isBlank(cell) ? sameOnBlanks(pen, cell.style) : sameStyle(pen, cell.style);

export const looksAlike = (one: Cell, other: Cell): boolean =>
  one === other || (one.text === other.text && one.width === other.width && fits(one.style, other));

export const isBlank = ({ text, width }: Cell): boolean => text === ' ' && width === 1;

/** A cell as erasing leaves it on every terminal: not all of them erase to a background. */
export const isEmpty = (cell: Cell): boolean => isBlank(cell) && erasesClean(cell.style);

/** With such a style set, erasing leaves the terminal's own background everywhere. */
export const erasesClean = (style: Style): boolean => sameOnBlanks(style, plain);

const DOUBTFUL = /[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Mc}\u200d\ufe0e\ufe0f\u1160-\u11ff]/u;

/** Terminals do not agree about how wide it is: emoji and what is joined to them. */
export const isDoubtful = ({ text }: Cell): boolean => text > '\u00a0' && DOUBTFUL.test(text);
