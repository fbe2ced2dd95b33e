/**
 * Pictures of a screen: SVG and HTML, with the styles that it has.
 *
 * Text stays text: it can be searched and copied; lines and blocks are shapes in an SVG. A character that is wider in the reader's font than its place is squeezed
 * into it (SVG `textLength`). It makes no PNG: any SVG converter does. The 256 colours are xterm's.
 */
import { palette, type Colour } from '../output/colour.ts';
import type { Style } from '../output/style.ts';
import type { ScreenCell } from './cell.ts';
import { hasShape, shapeOf, stretches, type Place } from './line-shapes.ts';
import type { ScreenSnapshot } from './snapshot.ts';

export interface PictureOptions {
  /** The terminal's own text colour. @default '#d4d4d4' */
  readonly foreground?: string;
  /** @default '#1e1e1e' */
  readonly background?: string;
  /** In pixels, SVG only. @default 14 */
  readonly fontSize?: number;
  /** Whether the cursor is shown. @default true */
  readonly cursor?: boolean;
}

const defaults = { foreground: '#d4d4d4', background: '#1e1e1e', fontSize: 14, cursor: true } as const;
const font = 'ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace';
const PLACE_WIDTH = 0.6;
const ROW_HEIGHT = 1.25;

/** Neighbours that look the same, and where the first one is. */
interface Run {
  readonly column: number;
  readonly places: number;
  readonly text: string;
  readonly look: Look;
}

interface Look {
  readonly foreground: string;
  readonly background: string | undefined;
  readonly css: readonly string[];
  readonly link: string | undefined;
}

type Settings = Required<PictureOptions>;

export function svgOf(screen: ScreenSnapshot, options: PictureOptions = {}): string {
  const settings = { ...defaults, ...options };
  const { fontSize, background } = settings;
  const [width, height] = [
    round(screen.columns * fontSize * PLACE_WIDTH),
    round(screen.rows.length * fontSize * ROW_HEIGHT),
  ];
  const rows = screen.rows.map((cells, row) =>
    runsOf(cells, row, screen, settings).map(run => svgRun(run, row, fontSize)),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    ...(screen.title === '' ? [] : [`<title>${escaped(screen.title)}</title>`]),
    `<rect width="100%" height="100%" fill="${escaped(background)}"/>`,
    `<g font-family="${escaped(font)}" font-size="${fontSize}" xml:space="preserve">`,
    ...rows.flat(2),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

export function htmlOf(screen: ScreenSnapshot, options: PictureOptions = {}): string {
  const settings = { ...defaults, ...options };
  const rows = screen.rows.map((cells, row) => runsOf(cells, row, screen, settings).map(htmlRun).join(''));
  const css = `font-family:${font};color:${settings.foreground};background:${settings.background}`;
  return `<pre style="${escaped(css)}">${rows.join('\n')}</pre>\n`;
}

function svgRun({ column, places, text, look }: Run, row: number, fontSize: number): string[] {
  const [place, height] = [fontSize * PLACE_WIDTH, fontSize * ROW_HEIGHT];
  const [x, y, width] = [round(column * place), round(row * height), round(places * place)];
  const behind =
    look.background && `<rect x="${x}" y="${y}" width="${width}" height="${round(height)}" fill="${look.background}"/>`;
  const opacity = look.css.find(property => property.startsWith('opacity:'));
  const glyphs = isDrawn(text)
    ? shapesOf(text, { x, y, width: place, height }, look.foreground, opacity)
    : text.trim() === '' && look.css.length === 0
      ? []
      : [textOf(text, { x, y: round(y + fontSize), width }, look)];
  return [...(behind ? [behind] : []), ...glyphs];
}

function textOf(text: string, { x, y, width }: Omit<Place, 'height'>, { foreground, css }: Look): string {
  const style = css.length > 0 ? ` style="${css.join(';')}"` : '';
  return `<text x="${x}" y="${y}" textLength="${width}" lengthAdjust="spacingAndGlyphs" fill="${foreground}"${style}>${escaped(text)}</text>`;
}

/** Lines and blocks, which a run has alone. */
const isDrawn = (text: string): boolean => hasShape(text.charAt(0));

function shapesOf(text: string, place: Place, colour: string, style: string | undefined): string[] {
  const pieces = Array.from(text.matchAll(stretches), ([piece]) => piece);
  let { x } = place;
  const drawn = pieces.map(piece => {
    const width = place.width * piece.length;
    const shape = shapeOf(piece.charAt(0), { ...place, x, width }, colour);
    x += width;
    return shape;
  });
  return style === undefined ? drawn : [`<g style="${style}">`, ...drawn, '</g>'];
}

function htmlRun({ text, look }: Run): string {
  const css = [
    `color:${look.foreground}`,
    ...(look.background === undefined ? [] : [`background:${look.background}`]),
    ...look.css,
  ].join(';');
  const shown = `<span style="${escaped(css)}">${escaped(text)}</span>`;
  return look.link === undefined ? shown : `<a href="${escaped(look.link)}">${shown}</a>`;
}

function runsOf(cells: readonly ScreenCell[], row: number, screen: ScreenSnapshot, settings: Settings): Run[] {
  const runs: Run[] = [];
  cells.forEach((cell, column) => {
    if (cell.width === 0 && cell.text === '') return;
    const isCursor =
      settings.cursor && screen.cursor.visible && screen.cursor.row === row && screen.cursor.column === column;
    const run = {
      column,
      places: Math.max(cell.width, 1),
      text: cell.text || ' ',
      look: lookOf(cell, isCursor, settings),
    };
    const before = runs.at(-1);
    if (before && goesOn(before, run)) runs[runs.length - 1] = joined(before, run);
    else runs.push(run);
  });
  return runs;
}

const joined = (before: Run, run: Run): Run => ({
  ...before,
  places: before.places + run.places,
  text: before.text + run.text,
});

/** What is written in one piece: text with single blanks in it, blanks, or shapes. A wide character begins anew. */
const goesOn = (before: Run, run: Run): boolean =>
  run.places === 1 &&
  isSame(before.look, run.look) &&
  isDrawn(before.text) === isDrawn(run.text) &&
  (!before.text.endsWith('  ') || run.text === ' ' || isUnderlined(before.look));

const isUnderlined = ({ css }: Look): boolean => css.some(property => property.startsWith('text-decoration'));

const isSame = (one: Look, other: Look): boolean => JSON.stringify(one) === JSON.stringify(other);

function lookOf({ style, link }: ScreenCell, isCursor: boolean, settings: Settings): Look {
  const isInverse = (style.inverse ?? false) !== isCursor;
  const own = colourOf(style.foreground, style.bold ?? false) ?? settings.foreground;
  const behind = colourOf(style.background, false);
  const foreground = isInverse ? (behind ?? settings.background) : own;
  return {
    foreground: style.hidden ? 'transparent' : foreground,
    background: isInverse ? own : behind,
    css: cssOf(style),
    link: link && isSafe(link.uri) ? link.uri : undefined,
  };
}

function cssOf(style: Style): string[] {
  const { underline, underlineColour } = style;
  const lines = [underline && 'underline', style.strikethrough && 'line-through', style.overline && 'overline'].filter(
    Boolean,
  );
  const waves = { single: 'solid', double: 'double', curly: 'wavy', dotted: 'dotted', dashed: 'dashed' };
  return [
    ...(style.bold ? ['font-weight:bold'] : []),
    ...(style.italic ? ['font-style:italic'] : []),
    ...(style.dim ? ['opacity:0.6'] : []),
    ...(lines.length > 0 ? [`text-decoration:${lines.join(' ')}`] : []),
    ...(typeof underline === 'string' && underline !== 'single' ? [`text-decoration-style:${waves[underline]}`] : []),
    ...(underlineColour === undefined
      ? []
      : [`text-decoration-color:${colourOf(underlineColour, false) ?? 'inherit'}`]),
  ];
}

/** Bold text in one of the first eight colours is shown in their bright ones, as xterm does. */
function colourOf(colour: Colour | undefined, isBold: boolean): string | undefined {
  if (typeof colour !== 'number') return colour;
  const rgb = palette[isBold && colour < 8 ? colour + 8 : colour] ?? [0, 0, 0];
  return `#${rgb.map(part => part.toString(16).padStart(2, '0')).join('')}`;
}

/** What may stand behind a click in a document. */
const isSafe = (uri: string): boolean => /^(https?|mailto|ftp|file):/i.test(uri);

const round = (number: number): number => Math.round(number * 100) / 100;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, found => entities[found] ?? '').replace(/[\u0000-\u0008\u000b-\u001f]/g, '\ufffd');
