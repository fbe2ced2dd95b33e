/**
 * Colours, and how each is said to a terminal that shows fewer.
 *
 * The 16 named colours are whatever the person chose; numbers to 255 are xterm's palette; `#rrggbb` is exact. Reducing
 * picks the nearest (least sum of squared differences). Source: xterm ctlseqs and its 256colres.pl; ECMA-48 §8.3.117.
 */
import type { ColourDepth } from '../capabilities/capabilities.ts';
import type { Rgb } from '../reports/contracts.ts';

const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;
type BaseColour = (typeof names)[number];
export type NamedColour = BaseColour | `bright-${BaseColour}`;
/** A name, a number of the palette from 0 to 255, `#rrggbb`, or the terminal's own `default`. */
export type Colour = NamedColour | number | `#${string}` | 'default';

/** A colour as a terminal is told it: of the palette, exact, or its own. */
type Shown = { readonly palette: number } | { readonly rgb: Rgb } | 'default';

/** xterm's first 16 colours, by which a person's own are guessed. */
const sixteen: readonly Rgb[] = [
  [0, 0, 0],
  [205, 0, 0],
  [0, 205, 0],
  [205, 205, 0],
  [0, 0, 238],
  [205, 0, 205],
  [0, 205, 205],
  [229, 229, 229],
  [127, 127, 127],
  [255, 0, 0],
  [0, 255, 0],
  [255, 255, 0],
  [92, 92, 255],
  [255, 0, 255],
  [0, 255, 255],
  [255, 255, 255],
];
const cubeSteps = [0, 95, 135, 175, 215, 255] as const;

/** All 256: the first 16, a cube of 6×6×6, 24 greys. */
export const palette: readonly Rgb[] = [
  ...sixteen,
  ...cubeSteps.flatMap(red => cubeSteps.flatMap(green => cubeSteps.map((blue): Rgb => [red, green, blue]))),
  ...Array.from({ length: 24 }, (_, step): Rgb => [8 + step * 10, 8 + step * 10, 8 + step * 10]),
];

/** SGR parameters for `colour`: `base` is 30 for text, 40 for the background, 50 for underlines; [] where none is shown. */
export function colourParameters(colour: Colour, base: 30 | 40 | 50, depth: ColourDepth): readonly (number | string)[] {
  if (depth === 0) return [];
  const shown = reduce(parse(colour), depth);
  if (shown === 'default') return [base + 9];
  if (base === 50) return ['palette' in shown ? `58:5:${shown.palette}` : `58:2::${shown.rgb.join(':')}`];
  if ('rgb' in shown) return [base + 8, 2, ...shown.rgb];
  if (shown.palette < 8) return [base + shown.palette];
  if (shown.palette < 16) return [base + 60 + shown.palette - 8];
  return [base + 8, 5, shown.palette];
}

function parse(colour: Colour): Shown {
  if (colour === 'default') return colour;
  if (typeof colour === 'number') return { palette: checkedNumber(colour) };
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (hex) return { rgb: [octet(hex[1]), octet(hex[2]), octet(hex[3])] };
  const [, bright, name] = /^(bright-)?(.*)$/.exec(colour) ?? [];
  const found = names.findIndex(candidate => candidate === name);
  if (found < 0) throw new RangeError(`there is no colour ${JSON.stringify(colour)}`);
  return { palette: found + (bright ? 8 : 0) };
}

const octet = (digits = '0'): number => parseInt(digits, 16);

function checkedNumber(colour: number): number {
  if (Number.isInteger(colour) && colour >= 0 && colour <= 255) return colour;
  throw new RangeError(`a colour of the palette is a whole number from 0 to 255, got ${colour}`);
}

function reduce(shown: Shown, depth: ColourDepth): Shown {
  if (shown === 'default' || depth === 16_777_216) return shown;
  if ('palette' in shown && shown.palette < Math.min(depth, 16)) return shown;
  if (depth === 8 && 'palette' in shown && shown.palette < 16) return { palette: shown.palette - 8 };
  if (depth === 256) return 'palette' in shown ? shown : { palette: nearest(shown.rgb, 16, 256) };
  const rgb = 'rgb' in shown ? shown.rgb : (palette[shown.palette] ?? [0, 0, 0]);
  return { palette: nearest(rgb, 0, depth) };
}

/** The number of the palette's nearest colour from `first` on, before `end`. */
function nearest(rgb: Rgb, first: number, end: number): number {
  let best = first;
  for (let number = first + 1; number < end; number += 1) {
    if (distance(rgb, palette[number]) < distance(rgb, palette[best])) best = number;
  }
  return best;
}

const distance = ([red, green, blue]: Rgb, [r, g, b]: Rgb = [0, 0, 0]): number =>
  (red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2;
