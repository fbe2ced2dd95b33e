/**
 * How text looks: SGR from raw parameters, or from a style that says all of it.
 *
 * Source: ECMA-48 5th ed. §8.3.117; xterm ctlseqs; https://sw.kovidgoyal.net/kitty/underlines/ (styles and colour).
 */
import type { ColourDepth } from '../capabilities/capabilities.ts';
import { colourParameters, type Colour } from './colour.ts';
import { csi, whole } from './control.ts';

export type Underline = 'single' | 'double' | 'curly' | 'dotted' | 'dashed';

/** What is left out is off, or the terminal's own colour. */
export interface Style {
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean | Underline;
  readonly blink?: boolean;
  /** Text and background change places. */
  readonly inverse?: boolean;
  readonly hidden?: boolean;
  readonly strikethrough?: boolean;
  readonly overline?: boolean;
  readonly foreground?: Colour;
  readonly background?: Colour;
  readonly underlineColour?: Colour;
}

/** What the terminal can show of a style. */
export interface StyleAbilities {
  readonly colours: ColourDepth;
  /** Without them every underline is single and has the text's colour. */
  readonly underlineStyles: boolean;
}

export const everything: StyleAbilities = { colours: 16_777_216, underlineStyles: true };

const LARGEST = 65_535;

const switches = [
  ['bold', 1],
  ['dim', 2],
  ['italic', 3],
  ['blink', 5],
  ['inverse', 7],
  ['hidden', 8],
  ['strikethrough', 9],
  ['overline', 53],
] as const;

const underlines: Readonly<Record<Underline, number | string>> = {
  single: 4,
  double: '4:2',
  curly: '4:3',
  dotted: '4:4',
  dashed: '4:5',
};

/** A parameter of SGR: a number, or several behind each other's colons, as in `'4:3'`. */
export type GraphicParameter = number | `${number}:${string}`;

/** Raw parameters, in their order; none means 0. `CSI Ps ; … m` (SGR), ECMA-48 §8.3.117; colons by ISO 8613-6. */
export const selectGraphicRendition = (...parameters: GraphicParameter[]): string =>
  csi(`${parameters.map(checkedParameter).join(';')}m`);

function checkedParameter(parameter: GraphicParameter): string {
  if (typeof parameter === 'number') return String(whole('SGR parameter', parameter, 0, LARGEST));
  if (/^\d{1,5}(:\d{0,5}){1,15}$/.test(parameter)) return parameter;
  throw new RangeError(`an SGR parameter is numbers behind colons, got ${JSON.stringify(parameter)}`);
}

/** Exactly this style and nothing else: `CSI 0 ; … m` (SGR). Colours are the nearest that the terminal shows. */
export const setStyle = (style: Style, abilities: StyleAbilities = everything): string =>
  csi(`${[0, ...styleParameters(style, abilities)].join(';')}m`);

function styleParameters(style: Style, { colours, underlineStyles }: StyleAbilities): (number | string)[] {
  const { underline, foreground, background, underlineColour } = style;
  return [
    ...switches.filter(([name]) => style[name]).map(([, parameter]) => parameter),
    ...underlineParameters(underline, underlineStyles),
    ...(foreground === undefined ? [] : colourParameters(foreground, 30, colours)),
    ...(background === undefined ? [] : colourParameters(background, 40, colours)),
    ...(underlineColour === undefined || !underlineStyles ? [] : colourParameters(underlineColour, 50, colours)),
  ];
}

export function underlineParameters(underline: Style['underline'], styles: boolean): (number | string)[] {
  if (underline === undefined || underline === false) return [];
  return [styles && underline !== true ? underlines[underline] : underlines.single];
}
