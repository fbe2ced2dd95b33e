/** One of many rows, and which of them can be seen: a value, and what keys and the wheel make of it. */

export interface Selection {
  /** From 0; 0 also when there is nothing. */
  readonly index: number;
  /** The row that is shown first. */
  readonly first: number;
}

export const firstRow: Selection = Object.freeze({ index: 0, first: 0 });

/** How many there are, and how many are shown at once. */
export interface Extent {
  readonly count: number;
  readonly shown: number;
}

/** `index`, or the nearest that there is, with as little scrolling as shows it. */
export function selectRow({ first }: Selection, wanted: number, { count, shown }: Extent): Selection {
  const index = Math.min(Math.max(wanted, 0), Math.max(0, count - 1));
  const room = Math.max(1, shown);
  const least = Math.max(0, index - room + 1);
  return { index, first: Math.min(Math.max(first, least), index, Math.max(0, count - room)) };
}

type Step = (index: number, extent: Extent) => number;

const steps: Readonly<Record<string, Step>> = {
  up: index => index - 1,
  down: index => index + 1,
  'control+p': index => index - 1,
  'control+n': index => index + 1,
  pageUp: (index, { shown }) => index - Math.max(1, shown - 1),
  pageDown: (index, { shown }) => index + Math.max(1, shown - 1),
  home: () => 0,
  end: (_index, { count }) => count - 1,
};

/** Rows that a turn of the wheel moves by. */
const WHEEL = 3;
const wheels: Readonly<Record<string, number>> = { 'wheel-up': -WHEEL, 'wheel-down': WHEEL };

/** What a key makes of it, by its name; undefined for keys that it does not know. */
export function selectionAfter(selection: Selection, key: string, extent: Extent): Selection | undefined {
  const step = steps[key];
  return step && selectRow(selection, step(selection.index, extent), extent);
}

/** What a turn of the wheel makes of it; undefined for other events. */
export function selectionAfterWheel(selection: Selection, event: string, extent: Extent): Selection | undefined {
  const by = wheels[event];
  return by === undefined ? undefined : selectRow(selection, selection.index + by, extent);
}
