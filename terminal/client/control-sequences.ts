/**
 * What control sequences do to a terminal: a rule for each, by its prefix, intermediates and final byte.
 *
 * A rule gives operations that terminal/output/ can write, or undefined: with numbers that it cannot, a sequence is not
 * understood. A number that is missing or 0 is 1 where something is counted. Source: ECMA-48 5th ed. §8.3; DEC VT510;
 * xterm ctlseqs.
 */
import type { ControlSequence } from '../parsing/control-sequence.ts';
import { cursorShapes, type CursorShape } from '../output/cursor.ts';
import { keyboardFlags, type KeyboardFlag } from '../output/keyboard.ts';
import type { GraphicParameter } from '../output/style.ts';
import { keysOf } from './keys-of.ts';
import { modeOf, privateModeOf } from './mode-names.ts';
import { operation, type Operation } from './operation.ts';

type Numbers = readonly number[];
type Meaning = readonly Operation[] | undefined;
/** `numbers` are -1 where one is left out; `rows` is the height of the screen. */
type Rule = (numbers: Numbers, rows: number) => Meaning;

const LARGEST = 65_535;

/** The operations that `sequence` stands for on a screen of so many rows; undefined when it is not understood. */
export function operationsOf(sequence: ControlSequence, rows: number): Meaning {
  const { prefix, parameters, intermediates, final } = sequence;
  if (parameters.some(parts => parts.some(part => part > LARGEST))) return undefined;
  const kind = `${prefix}${intermediates}${final}`;
  if (kind === 'm')
    return [operation('selectGraphicRendition', ...(parameters.length > 0 ? parameters : [[0]]).map(graphicParameter))];
  if (parameters.some(parts => parts.length > 1) || !Object.hasOwn(rules, kind)) return undefined;
  return rules[kind]?.(
    parameters.map(([number = -1]) => number),
    rows,
  );
}

const graphicParameter = ([number = -1, ...parts]: Numbers): GraphicParameter =>
  parts.length === 0
    ? Math.max(number, 0)
    : `${Math.max(number, 0)}:${parts.map(part => (part < 0 ? '' : part)).join(':')}`;

type Counting =
  | 'cursorUp'
  | 'cursorDown'
  | 'cursorForward'
  | 'cursorBackward'
  | 'eraseCharacter'
  | 'insertCharacter'
  | 'deleteCharacter'
  | 'insertLine'
  | 'deleteLine'
  | 'scrollUp'
  | 'scrollDown'
  | 'popKeyboardFlags';

const atLeast1 = (number = 1): number => Math.max(number, 1);

const counted =
  (...names: readonly Counting[]): Rule =>
  numbers =>
    numbers.length > 1 ? undefined : names.map(name => operation(name, atLeast1(numbers[0])));

const placed =
  (name: 'cursorColumn' | 'cursorRow'): Rule =>
  numbers =>
    numbers.length > 1 ? undefined : [operation(name, atLeast1(numbers[0]) - 1)];

/** By the only number, 0 where it is missing. */
const chosen =
  (choices: Readonly<Record<number, Operation>>): Rule =>
  numbers => {
    const choice = choices[Math.max(numbers[0] ?? 0, 0)];
    return choice && numbers.length <= 1 ? [choice] : undefined;
  };

const alone =
  (only: Operation): Rule =>
  numbers =>
    numbers.length === 0 ? [only] : undefined;

/** To the beginning of a row above or below. */
const lines =
  (move: 'cursorUp' | 'cursorDown'): Rule =>
  (numbers, rows) => {
    const moved = counted(move)(numbers, rows);
    return moved && [...moved, operation('cursorColumn', 0)];
  };

const position: Rule = ([row, column, ...more]) => {
  if (more.length > 0) return undefined;
  if (row === undefined) return [operation('cursorHome')];
  return [operation('cursorPosition', atLeast1(column) - 1, atLeast1(row) - 1)];
};

const region: Rule = ([top, bottom = 0, ...more], rows) => {
  const [first, last] = [atLeast1(top), bottom > 0 ? bottom : rows];
  if (more.length > 0) return undefined;
  if (first === 1 && bottom <= 0) return [operation('resetScrollRegion')];
  return first < last ? [operation('scrollRegion', first - 1, last - 1)] : undefined;
};

const listed =
  (each: (numbers: Numbers) => Operation): Rule =>
  numbers =>
    numbers.length > 0 && numbers.every(number => number >= 0) ? [each(numbers)] : undefined;

const pushFlags: Rule = ([number = 0, ...more]) => {
  const bits = Math.max(number, 0);
  const flags = keysOf<KeyboardFlag>(keyboardFlags).filter(flag => bits & keyboardFlags[flag]);
  return bits > 31 || more.length > 0 ? undefined : [operation('pushKeyboardFlags', ...flags)];
};

const titles: Readonly<Record<number, Operation>> = { 22: operation('pushTitle'), 23: operation('popTitle') };
/** Icon and title, or the title; of the icon alone we know nothing. */
const title: Rule = ([which = -1, what = 0, ...more]) => {
  const known = titles[which];
  return known && (what <= 0 || what === 2) && more.length === 0 ? [known] : undefined;
};

const rules: Readonly<Record<string, Rule>> = {
  A: counted('cursorUp'),
  B: counted('cursorDown'),
  C: counted('cursorForward'),
  D: counted('cursorBackward'),
  a: counted('cursorForward'),
  e: counted('cursorDown'),
  E: lines('cursorDown'),
  F: lines('cursorUp'),
  G: placed('cursorColumn'),
  '`': placed('cursorColumn'),
  d: placed('cursorRow'),
  H: position,
  f: position,
  s: alone(operation('saveCursor')),
  u: alone(operation('restoreCursor')),
  J: chosen({
    0: operation('eraseToDisplayEnd'),
    1: operation('eraseToDisplayBeginning'),
    2: operation('eraseDisplay'),
    3: operation('eraseScrollback'),
  }),
  K: chosen({ 0: operation('eraseToLineEnd'), 1: operation('eraseToLineBeginning'), 2: operation('eraseLine') }),
  X: counted('eraseCharacter'),
  '@': counted('insertCharacter'),
  P: counted('deleteCharacter'),
  L: counted('insertLine'),
  M: counted('deleteLine'),
  S: counted('scrollUp'),
  T: counted('scrollDown'),
  r: region,
  g: chosen({ 0: operation('clearTabStop'), 3: operation('clearAllTabStops') }),
  h: listed(numbers => operation('setModes', numbers.map(modeOf))),
  l: listed(numbers => operation('resetModes', numbers.map(modeOf))),
  '?h': listed(numbers => operation('setPrivateModes', numbers.map(privateModeOf))),
  '?l': listed(numbers => operation('resetPrivateModes', numbers.map(privateModeOf))),
  t: title,
  '!p': alone(operation('softReset')),
  ' q': chosen(
    Object.fromEntries(
      keysOf<CursorShape>(cursorShapes).map(shape => [cursorShapes[shape], operation('cursorShape', shape)]),
    ),
  ),
  '>u': pushFlags,
  '<u': counted('popKeyboardFlags'),
};
