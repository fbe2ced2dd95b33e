/**
 * Lines and blocks as shapes of an SVG, so that they meet their neighbours whatever font the reader has.
 *
 * Source: The Unicode Standard, Box Drawing (U+2500) and Block Elements (U+2580). What is not in the tables is text.
 */

/** A place on the picture, in pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How thick the lines are that go up, right, down and left from the middle: 0 not at all, 1 light, 2 heavy. */
type Arms = readonly [up: number, right: number, down: number, left: number];

const arms: Readonly<Record<string, Arms>> = {
  '─': [0, 1, 0, 1],
  '━': [0, 2, 0, 2],
  '│': [1, 0, 1, 0],
  '┃': [2, 0, 2, 0],
  '┌': [0, 1, 1, 0],
  '┐': [0, 0, 1, 1],
  '└': [1, 1, 0, 0],
  '┘': [1, 0, 0, 1],
  '├': [1, 1, 1, 0],
  '┤': [1, 0, 1, 1],
  '┬': [0, 1, 1, 1],
  '┴': [1, 1, 0, 1],
  '┼': [1, 1, 1, 1],
  '╴': [0, 0, 0, 1],
  '╵': [1, 0, 0, 0],
  '╶': [0, 1, 0, 0],
  '╷': [0, 0, 1, 0],
};

/** Corners that are round: where they end, as parts of the width and the height. */
const corners: Readonly<Record<string, readonly [from: readonly [number, number], to: readonly [number, number]]>> = {
  '╭': [[0.5, 1], [1, 0.5]], // prettier-ignore
  '╮': [[0, 0.5], [0.5, 1]], // prettier-ignore
  '╯': [[0.5, 0], [0, 0.5]], // prettier-ignore
  '╰': [[0.5, 0], [1, 0.5]], // prettier-ignore
};

/** Lower eighths from U+2581, left eighths from U+258F backwards; the whole is in both. */
const lower = '▁▂▃▄▅▆▇█';
const left = '▏▎▍▌▋▊▉█';

/** Several of the same that are one shape, only wider; and any other character. */
export const stretches = /([─━▁▂▃▄▅▆▇█])\1*|./gu;

/** The shape of `character` in `colour`; '' for what is text. */
export function shapeOf(character: string, place: Place, colour: string): string {
  return (
    blockOf(character, place, colour) ?? cornerOf(character, place, colour) ?? lineOf(character, place, colour) ?? ''
  );
}

export const hasShape = (character: string): boolean =>
  character in arms || character in corners || lower.includes(character) || left.includes(character);

function blockOf(character: string, { x, y, width, height }: Place, colour: string): string | undefined {
  const rows = (lower.indexOf(character) + 1) / 8;
  if (rows > 0) return rectangle(x, y + height * (1 - rows), width, height * rows, colour);
  const columns = (left.indexOf(character) + 1) / 8;
  return columns > 0 ? rectangle(x, y, width * columns, height, colour) : undefined;
}

const rectangle = (x: number, y: number, width: number, height: number, colour: string): string =>
  `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${colour}" shape-rendering="crispEdges"/>`;

function cornerOf(character: string, { x, y, width, height }: Place, colour: string): string | undefined {
  const ends = corners[character];
  if (!ends) return undefined;
  const [from, to] = ends.map(([across, down]) => point(x + width * across, y + height * down));
  const middle = point(x + width / 2, y + height / 2);
  return stroke(`M${from} Q${middle} ${to}`, 1, colour);
}

function lineOf(character: string, { x, y, width, height }: Place, colour: string): string | undefined {
  const thick = arms[character];
  if (!thick) return undefined;
  const [across, down] = [x + width / 2, y + height / 2];
  const ends = [point(across, y), point(x + width, down), point(across, y + height), point(x, down)];
  const lines = ends.map((end, arm) => ({ end, weight: thick[arm] ?? 0 })).filter(({ weight }) => weight > 0);
  return stroke(lines.map(({ end }) => `M${point(across, down)} L${end}`).join(' '), Math.max(...thick), colour);
}

const stroke = (path: string, weight: number, colour: string): string =>
  `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${weight * 1.2}"/>`;

const point = (x: number, y: number): string => `${round(x)} ${round(y)}`;
const round = (number: number): number => Math.round(number * 100) / 100;
