/** Keystrokes by the bytes that a terminal sends, pressed on a state without any terminal. */
import { InputDecoder, inputDefaults } from '../../../terminal/input/input-decoder.ts';
import type { Keystroke } from '../../../terminal/keystroke.ts';
import { beginLine, lineText, type Beginning, type EditState } from '../../../terminal/line/edit-state.ts';
import { keyMapsOf } from '../../../terminal/line/key-maps.ts';
import { press } from '../../../terminal/line/press.ts';

const maps = keyMapsOf({});

export function strokesOf(bytes: string): Keystroke[] {
  const strokes: Keystroke[] = [];
  const ignore = (): undefined => undefined;
  const decoder = new InputDecoder(
    {
      keystroke: stroke => strokes.push(stroke),
      paste: ignore,
      mouse: ignore,
      focus: ignore,
      unhandled: ignore,
      isClaiming: false,
      claims: () => false,
    },
    inputDefaults,
  );
  decoder.feed(Buffer.from(bytes));
  decoder.flush();
  return strokes;
}

/** The state after all keys, or after the first that submits or ends the line. */
export function pressAll(bytes: string, beginning: Beginning = {}): EditState {
  let state = beginLine(beginning);
  for (const stroke of strokesOf(bytes)) {
    state = press(state, stroke, maps);
    if (state.effect === 'submit' || state.effect === 'end' || state.effect === 'interrupt') break;
  }
  return state;
}

/** The text with `|` where the cursor is. */
export function shownLine(state: EditState): string {
  const { graphemes, cursor } = state.buffer;
  return `${graphemes.slice(0, cursor).join('')}|${graphemes.slice(cursor).join('')}`;
}

export { lineText };
