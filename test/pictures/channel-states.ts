/**
 * Draws ssh/channel-states.ts: what we send goes to the right, what we receive goes down.
 *
 * Only the places of the states are said here. Arrows, their labels and the small print come from the table, so the
 * picture cannot show a life that the code does not know. SVG 1.1, with colours for light and dark pages.
 */
import { channelStates, type ChannelEvent, type ChannelState } from '../../ssh/channel-states.ts';

/** Column and row, from 0, and how many columns wide. */
interface Place {
  readonly column: number;
  readonly row: number;
  readonly columns?: number;
  readonly says: string;
}

const places: Readonly<Record<ChannelState, Place>> = {
  open: { column: 0, row: 0, says: 'open' },
  'eof-sent': { column: 1, row: 0, says: 'EOF sent' },
  'close-sent': { column: 2, row: 0, says: 'CLOSE sent' },
  'eof-received': { column: 0, row: 1, says: 'EOF received' },
  'eof-sent-and-received': { column: 1, row: 1, says: 'EOF both ways' },
  'close-sent-eof-received': { column: 2, row: 1, says: 'CLOSE sent, EOF received' },
  'close-received': { column: 0, row: 2, columns: 2, says: 'CLOSE received' },
  closed: { column: 2, row: 2, says: 'closed' },
};

const cell = { width: 250, height: 70, across: 365, down: 175, left: 150, top: 150 } as const;
const size = { width: 1_280, height: 610 } as const;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

function boxOf({ column, row, columns = 1 }: Place): Box {
  const width = (columns - 1) * cell.across + cell.width;
  return { x: cell.left + column * cell.across, y: cell.top + row * cell.down, width };
}

interface Arrow {
  readonly from: ChannelState;
  readonly to: ChannelState;
  readonly event: ChannelEvent;
}

const eventsOf = (state: ChannelState): Array<[ChannelEvent, ChannelState]> =>
  Object.entries(channelStates[state]) as Array<[ChannelEvent, ChannelState]>;

const states = Object.keys(channelStates) as ChannelState[];
const arrows: Arrow[] = states.flatMap(from =>
  eventsOf(from).flatMap(([event, to]) => (to === from ? [] : [{ from, to, event }])),
);

/** What may pass while a state lasts: the entries that lead nowhere else. */
function smallPrint(state: ChannelState): string {
  const may = eventsOf(state).flatMap(([event, to]) => (to === state ? [event] : []));
  if (state === 'closed') return 'the number is free';
  const ways = [may.includes('send-data') ? 'we send' : '', may.includes('receive-data') ? 'we receive' : ''];
  return `data: ${ways.filter(Boolean).join(', ') || 'none'}`;
}

function drawState(state: ChannelState): string {
  const { x, y, width } = boxOf(places[state]);
  const middle = x + width / 2;
  return [
    `<rect class="state ${state}" x="${x}" y="${y}" width="${width}" height="${cell.height}" rx="14"/>`,
    `<text class="name" x="${middle}" y="${y + 30}">${places[state].says}</text>`,
    `<text class="small" x="${middle}" y="${y + 51}">${smallPrint(state)}</text>`,
  ].join('\n');
}

const labels: Readonly<Record<ChannelEvent, string>> = {
  'send-data': '',
  'receive-data': '',
  'send-eof': 'send EOF',
  'send-close': 'send CLOSE',
  'receive-eof': 'receive EOF',
  'receive-close': 'receive CLOSE',
};

function drawArrow(arrow: Arrow): string {
  const ours = arrow.event.startsWith('send');
  const { path, x, y, anchor = 'middle' } = ours ? across(arrow) : down(arrow);
  const kind = ours ? 'ours' : 'theirs';
  return [
    `<path class="${kind}" d="${path}" marker-end="url(#${kind})"/>`,
    `<text class="label ${kind}" x="${x}" y="${y}" text-anchor="${anchor}">${labels[arrow.event]}</text>`,
  ].join('\n');
}

interface Line {
  readonly path: string;
  /** Where its label stands. */
  readonly x: number;
  readonly y: number;
  /** @default 'middle' */
  readonly anchor?: 'start' | 'end';
}

/** To the right: straight to the neighbour, in an arc over whatever stands between. */
function across({ from, to }: Arrow): Line {
  const [a, b] = [boxOf(places[from]), boxOf(places[to])];
  const neighbours = b.x - a.x - a.width < cell.across / 2;
  const y = a.y + cell.height / 2;
  if (neighbours) return { path: `M${a.x + a.width} ${y}H${b.x - 9}`, x: (a.x + a.width + b.x) / 2 - 4, y: y - 9 };
  const [start, end] = [a.x + a.width * 0.8, b.x + b.width * 0.2];
  const top = a.y - 58;
  const path = `M${start} ${a.y}C${start + 30} ${top} ${end - 30} ${top} ${end} ${a.y - 9}`;
  return { path, x: start + (end - start) / 4, y: a.y - 49 };
}

/** Down: straight to the row below, in an arc outside on the left of whatever stands between. */
function down({ from, to }: Arrow): Line {
  const [a, b] = [boxOf(places[from]), boxOf(places[to])];
  const far = places[to].row - places[from].row > 1;
  const [start, end] = [a.y + cell.height, b.y - 9];
  const x = a.x + a.width / 2;
  if (!far) return { path: `M${x} ${start}V${end}`, x: x + 10, y: end - 22, anchor: 'start' };
  const side = places[from].column === places[to].column + (places[to].columns ?? 1) - 1 || to === 'closed' ? 1 : -1;
  const edge = side === 1 ? a.x + a.width : a.x;
  const out = edge + side * 62;
  const [startY, endY] = [a.y + cell.height * 0.75, b.y + cell.height * 0.3];
  const path = `M${edge} ${startY}C${out} ${startY + 40} ${out} ${endY - 40} ${edge + side * 9} ${endY}`;
  return { path, x: out - side * 12, y: b.y - 38, anchor: side === 1 ? 'start' : 'end' };
}

const style = `
  text { font-family: system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1f2933; }
  .title { font-size: 22px; font-weight: 600; }
  .under { font-size: 14px; fill: #616e7c; }
  .name { font-size: 16px; font-weight: 600; text-anchor: middle; }
  .small { font-size: 13px; text-anchor: middle; fill: #616e7c; }
  .label { font-size: 13px; paint-order: stroke; stroke: #ffffff; stroke-width: 6; stroke-linejoin: round; }
  .paper { fill: #ffffff; }
  .state { fill: #f5f7fa; stroke: #9aa5b1; stroke-width: 1.5; }
  .open { fill: #e3f8ec; stroke: #3f9142; }
  .closed { fill: #e4e7eb; stroke: #616e7c; }
  path { fill: none; stroke-width: 2; }
  path.ours { stroke: #2563b0; } text.ours, .tip.ours { fill: #2563b0; }
  path.theirs { stroke: #b4540a; } text.theirs, .tip.theirs { fill: #b4540a; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e4e7eb; }
    .under, .small { fill: #9aa5b1; }
    .paper { fill: #12171d; }
    .label { stroke: #12171d; }
    .state { fill: #1f2933; stroke: #616e7c; }
    .open { fill: #14351f; stroke: #57ae5b; }
    .closed { fill: #2b3540; stroke: #9aa5b1; }
    path.ours { stroke: #6aa9f0; } text.ours, .tip.ours { fill: #6aa9f0; }
    path.theirs { stroke: #f0a35e; } text.theirs, .tip.theirs { fill: #f0a35e; }
  }`;

const tip = (kind: 'ours' | 'theirs'): string =>
  `<marker id="${kind}" viewBox="0 0 10 10" refX="2" refY="5" markerWidth="7" markerHeight="7" orient="auto">` +
  `<path class="tip ${kind}" style="stroke:none" d="M0 0L10 5L0 10z"/></marker>`;

/** The whole picture, as it stands in docs/channel-states.svg. */
export const drawChannelStates = (): string =>
  [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img">`,
    '<title>The life of a channel</title>',
    `<style>${style}\n</style>`,
    `<defs>${tip('ours')}${tip('theirs')}</defs>`,
    `<rect class="paper" width="${size.width}" height="${size.height}"/>`,
    '<text class="title" x="40" y="44">The life of a channel</text>',
    '<text class="under" x="40" y="68">What we send leads to the right, what we receive leads down. RFC 4254 §5.3</text>',
    ...arrows.map(drawArrow),
    ...states.map(drawState),
    '</svg>',
    '',
  ].join('\n');
