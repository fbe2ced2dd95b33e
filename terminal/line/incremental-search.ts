/**
 * Incremental search: keystrokes while the prompt shows what is looked for.
 *
 * Characters are added to it, Backspace takes the last one off again, control+R and control+S go on to the next line,
 * control+G gives up and goes back. Escape ends it; any other key ends it too, and then does what it does.
 * Source: GNU Readline 8.2 manual, "Searching".
 */
import { keystrokeName, type Keystroke } from '../keystroke.ts';
import { graphemesOf } from '../width.ts';
import { lineAt, visit } from './actions/remembering.ts';
import { bell, lineText, moveTo, type EditState, type Search } from './edit-state.ts';
import { placeOfUnits, unitsBefore } from './line-buffer.ts';

type Step = (state: EditState, search: Search, stroke: Keystroke) => EditState;

const again =
  (direction: Search['direction']): Step =>
  (state, search) => {
    const wanted = search.wanted === '' ? (state.vi.search?.wanted ?? '') : search.wanted;
    const goesOn = search.wanted !== '' && direction === search.direction;
    return look(state, { ...search, wanted, direction }, goesOn ? 1 : 0);
  };

const steps: Readonly<Record<string, Step>> = {
  'control+r': again('back'),
  'control+s': again('forward'),
  'control+g': (_state, { origin }) => bell(origin),
  'control+c': (_state, { origin }) => ({ ...origin, effect: 'interrupt' }),
  backspace: shorter,
  'control+h': shorter,
  escape: done,
};

/** The state after `stroke`, and whether the search has used it up. */
export function searchKeystroke(state: EditState, stroke: Keystroke): { state: EditState; isUsed: boolean } {
  const { search } = state;
  if (!search) return { state, isUsed: false };
  const isEndOfVi = state.mode === 'vi-command' && stroke.key === 'enter';
  const step = isEndOfVi ? toBeginning : steps[keystrokeName(stroke)];
  if (step) return { state: step(state, search, stroke), isUsed: true };
  if (stroke.text === undefined || stroke.alt || stroke.control) return { state: done(state, search), isUsed: false };
  return { state: look(state, { ...search, wanted: search.wanted + stroke.text }, 0), isUsed: true };
}

/** What the prompt shows. */
export const searchPrompt = ({ wanted, direction, found }: Search): string =>
  `(${found ? '' : 'failed '}${direction === 'back' ? 'reverse-' : ''}i-search)\`${wanted}': `;

function done(state: EditState, { wanted, direction }: Search): EditState {
  const search = wanted === '' ? state.vi.search : { wanted, direction };
  return { ...state, search: undefined, vi: { ...state.vi, search } };
}

const toBeginning: Step = (state, search) => moveTo(done(state, search), 0);

/** Looks again from where the search began. */
function shorter(_state: EditState, search: Search): EditState {
  const wanted = graphemesOf(search.wanted).slice(0, -1).join('');
  const { origin } = search;
  if (wanted === '') return { ...origin, search: { ...search, wanted, found: true } };
  return look({ ...origin, search }, { ...search, wanted }, 0);
}

/** To the first place that holds what is wanted, from the cursor on or (`offset` 1) past it. */
function look(state: EditState, search: Search, offset: 0 | 1): EditState {
  const step = search.direction === 'back' ? -1 : 1;
  let from = unitsBefore(state.buffer) + offset * step;
  for (let place = state.place; place >= 0 && place <= state.history.length; place += step) {
    const line = lineAt(state, place);
    const at = from < 0 ? -1 : step === -1 ? line.lastIndexOf(search.wanted, from) : line.indexOf(search.wanted, from);
    const isSame = offset === 1 && place !== state.place && line === lineText(state);
    if (at !== -1 && !isSame) {
      const there = place === state.place ? state : visit(state, place);
      return { ...moveTo(there, placeOfUnits(there.buffer, at)), search: { ...search, found: true } };
    }
    from = step === -1 ? Infinity : 0;
  }
  return bell({ ...state, search: { ...search, found: false } });
}
