/**
 * The text being edited and the place of the cursor, as a value that is never changed.
 *
 * Both count graphemes, so no edit can cut one in two. It may hold line feeds and, by quoted insert, control characters.
 */
import { graphemesOf } from '../width.ts';

export interface LineBuffer {
  readonly graphemes: readonly string[];
  /** How many graphemes are before the cursor. */
  readonly cursor: number;
}

export const emptyBuffer: LineBuffer = Object.freeze({ graphemes: Object.freeze([]), cursor: 0 });

/** `text`, with the cursor at its end unless `cursor` says otherwise. */
export function bufferOf(text: string, cursor?: number): LineBuffer {
  const graphemes = graphemesOf(text);
  return { graphemes, cursor: cursor ?? graphemes.length };
}

/** The text from one place to another; all of it by default. */
export const textOf = ({ graphemes }: LineBuffer, from = 0, to = graphemes.length): string =>
  graphemes.slice(from, to).join('');

/** Put `text` in the place of what is from `from` to `to`; the cursor comes behind it. */
export function replaceText({ graphemes }: LineBuffer, from: number, to: number, text: string): LineBuffer {
  const [before, after] = [graphemes.slice(0, from), graphemes.slice(to)];
  if (joinsNothing(before.at(-1)) && joinsNothing(after[0]) && isAscii(text))
    return { graphemes: [...before, ...text, ...after], cursor: from + text.length };
  const head = before.join('') + text;
  const whole = graphemesOf(head + after.join(''));
  return { graphemes: whole, cursor: graphemesWithin(whole, head.length) };
}

export const moveCursor = (buffer: LineBuffer, cursor: number): LineBuffer => ({
  graphemes: buffer.graphemes,
  cursor: Math.max(0, Math.min(cursor, buffer.graphemes.length)),
});

/** The UTF-16 units before the grapheme number `place`. */
export const unitsBefore = (buffer: LineBuffer, place = buffer.cursor): number => textOf(buffer, 0, place).length;

/** The place after `units` UTF-16 units; behind a grapheme that they would cut. */
export const placeOfUnits = ({ graphemes }: LineBuffer, units: number): number => graphemesWithin(graphemes, units);

/** The place of the first grapheme of the line that `place` is in. */
export const lineStart = ({ graphemes }: LineBuffer, place: number): number =>
  place === 0 ? 0 : graphemes.lastIndexOf('\n', place - 1) + 1;

/** The place behind the last grapheme of the line that `place` is in. */
export function lineEnd({ graphemes }: LineBuffer, place: number): number {
  const end = graphemes.indexOf('\n', place);
  return end === -1 ? graphemes.length : end;
}

const isAscii = (text: string): boolean => /^[\t\n -~]*$/.test(text);
const joinsNothing = (grapheme: string | undefined): boolean => grapheme === undefined || isAscii(grapheme);

function graphemesWithin(graphemes: readonly string[], units: number): number {
  let [place, passed] = [0, 0];
  while (passed < units && place < graphemes.length) {
    passed += graphemes[place]?.length ?? 0;
    place += 1;
  }
  return place;
}
