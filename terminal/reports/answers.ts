/**
 * What the answers of terminals look like: one reader for each, which gives undefined for anything else.
 *
 * Answers are the terminal's word, so every number is checked and every text freed of control characters.
 * Sources: ECMA-48 5th ed. §8.3.14 (CPR), §8.3.24 (DA); DEC VT510 (DA2, DA3, DECRPM); xterm ctlseqs.
 */
import { latin1, numberAt, type ControlSequence } from '../parsing/control-sequence.ts';
import { text } from '../output/text.ts';
import type { CursorPosition, ModeState, PixelSize, Rgb } from './contracts.ts';

/** One sequence from the terminal, whole and, if it is a control sequence, taken apart. */
export interface Answer {
  readonly bytes: Uint8Array;
  readonly parsed: ControlSequence | undefined;
}
export type AnswerReader<T> = (answer: Answer) => T | undefined;

/** The numbers of `CSI prefix … intermediates final`, or undefined if it is another sequence. */
function numbers({ parsed }: Answer, prefix: string, final: string, intermediates = ''): number[] | undefined {
  const is = parsed?.prefix === prefix && parsed.final === final && parsed.intermediates === intermediates;
  return is ? parsed.parameters.map((_, place) => numberAt(parsed, place)) : undefined;
}

/** `CSI row ; column R` */
export const cursorPositionAnswer: AnswerReader<CursorPosition> = answer => {
  const [row = 0, column = 0, ...more] = numbers(answer, '', 'R') ?? [];
  return row > 0 && column > 0 && more.length === 0 ? { column: column - 1, row: row - 1 } : undefined;
};

/** `CSI ? … c` */
export const deviceAttributesAnswer: AnswerReader<readonly number[]> = answer => numbers(answer, '?', 'c');
/** `CSI > … c` */
export const secondaryDeviceAttributesAnswer: AnswerReader<readonly number[]> = answer => numbers(answer, '>', 'c');
/** `CSI ? flags u` */
export const keyboardFlagsAnswer: AnswerReader<number> = answer => numbers(answer, '?', 'u')?.[0];

/** `DCS ! | number ST` */
export const tertiaryDeviceAttributesAnswer: AnswerReader<string> = answer =>
  /^!\|([0-9A-Fa-f]*)$/.exec(content(answer, 'P'))?.[1];

/** `DCS > | name ST` */
export const versionAnswer: AnswerReader<string> = answer => {
  const said = /^>\|([^]*)$/.exec(content(answer, 'P'))?.[1];
  return said === undefined ? undefined : text(said, { keep: '' }).slice(0, 256);
};

/** `CSI kind ; height ; width t` */
export const sizeAnswer =
  (kind: 4 | 6 | 8): AnswerReader<PixelSize> =>
  answer => {
    const [which, height = 0, width = 0, ...more] = numbers(answer, '', 't') ?? [];
    return which === kind && height > 0 && width > 0 && more.length === 0 ? { width, height } : undefined;
  };

/** By their numbers in DECRPM. */
export const modeStates: readonly ModeState[] = ['unknown', 'set', 'reset', 'permanently-set', 'permanently-reset'];

/** `CSI ? mode ; state $ y`, without the question mark for modes that are not private. */
export const modeAnswer =
  (prefix: '' | '?', mode: number): AnswerReader<ModeState> =>
  answer => {
    const [which, state = -1] = numbers(answer, prefix, 'y', '$') ?? [];
    return which === mode ? modeStates[state] : undefined;
  };

/** `OSC number ; rgb:r/g/b ST`, each with one to four digits, or `#rrggbb`; XParseColor(3). */
export const colourAnswer =
  (number: 10 | 11): AnswerReader<Rgb> =>
  answer => {
    const said = content(answer, ']');
    if (!said.startsWith(`${number};`)) return undefined;
    const colour = said.slice(3);
    const parts = /^rgba?:([0-9a-f]{1,4})\/([0-9a-f]{1,4})\/([0-9a-f]{1,4})(\/[0-9a-f]{1,4})?$/i.exec(colour);
    const short = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
    const [, red, green, blue] = parts ?? short ?? [];
    return red === undefined ? undefined : [octet(red), octet(green), octet(blue)];
  };

/** 1 to 4 hexadecimal digits are a part of the whole: f, ff, fff and ffff are all 255. */
const octet = (digits = '0'): number => Math.round((parseInt(digits, 16) / (16 ** digits.length - 1)) * 255);

/** What stands between `ESC introducer` and ST or BEL; '' if it is another sequence. */
function content({ bytes }: Answer, introducer: string): string {
  if (latin1(bytes, 1, 2) !== introducer) return '';
  const end = bytes[bytes.length - 1] === 0x07 ? 1 : 2;
  return Buffer.from(bytes.subarray(2, -end)).toString('utf8');
}
