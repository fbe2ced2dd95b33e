/**
 * The table of the output parser: in each state, what each kind of byte does and which state follows.
 *
 * It reads what a program sends to a screen, after Paul Williams' VT500 diagram (https://vt100.net/emu/dec_ansi_parser):
 * controls inside of a sequence take effect at once, CAN and SUB end it, ESC begins another. Ours differs where UTF-8 is:
 * 8-bit C1 controls are parts of letters here, and such a byte ends a sequence that it stands in.
 */
import { StateTable, type Row, type Rule } from '../parsing/state-table.ts';

/** Kinds of bytes. */
const kinds = [
  ['control', 0x00, 0x1f],
  ['bell', 0x07, 0x07],
  // TAB, LF, VT, FF and CR move what is written next: they belong to the text.
  ['layout', 0x09, 0x0d],
  // CAN and SUB.
  ['cancel', 0x18, 0x18],
  ['cancel', 0x1a, 0x1a],
  ['escape', 0x1b, 0x1b],
  ['intermediate', 0x20, 0x2f],
  ['parameter', 0x30, 0x3f],
  // DCS, SOS, PM and APC, as ESC and a letter: ECMA-48 §5.3.
  ['string', 0x50, 0x50],
  ['string', 0x58, 0x58],
  ['string', 0x5e, 0x5f],
  ['bracket', 0x5b, 0x5b],
  ['backslash', 0x5c, 0x5c],
  // OSC, which xterm lets BEL end.
  ['command', 0x5d, 0x5d],
  ['delete', 0x7f, 0x7f],
  ['high', 0x80, 0xff],
] as const;
type ByteKind = (typeof kinds)[number][0] | 'final';

const states = [
  'ground',
  'escape',
  'escape-intermediates',
  'csi',
  'command',
  'command-escape',
  'string',
  'string-escape',
] as const;
type State = (typeof states)[number];

const actions = [
  /** Taken in runs. */
  'text',
  /** Tell it now; the sequence around it goes on. */
  'control',
  /** Begin to collect with this byte. */
  'begin',
  'collect',
  /** Collect this byte; the sequence is complete. */
  'complete',
  /** What was collected will never be complete: report it, then take the byte in `ground`. */
  'cut',
  /** The same, but the ESC in front of this byte begins another one. */
  'cut-before-escape',
  /** DEL between other bytes is there to fill time: ECMA-48 4th ed., §8.2.2. */
  'ignore',
] as const;
export type Action = (typeof actions)[number];

const cut: Rule<Action, State> = ['cut', 'ground'];
const interrupted = (state: State): Partial<Record<ByteKind, Rule<Action, State>>> => ({
  control: ['control', state],
  bell: ['control', state],
  layout: ['control', state],
  delete: ['ignore', state],
  cancel: cut,
  escape: cut,
  high: cut,
});

const rows: Readonly<Record<State, Row<ByteKind, Action, State>>> = {
  ground: {
    control: ['control', 'ground'],
    bell: ['control', 'ground'],
    cancel: ['control', 'ground'],
    delete: ['control', 'ground'],
    escape: ['begin', 'escape'],
    otherwise: ['text', 'ground'],
  },
  escape: {
    ...interrupted('escape'),
    intermediate: ['collect', 'escape-intermediates'],
    bracket: ['collect', 'csi'],
    command: ['collect', 'command'],
    string: ['collect', 'string'],
    otherwise: ['complete', 'ground'],
  },
  'escape-intermediates': {
    ...interrupted('escape-intermediates'),
    intermediate: ['collect', 'escape-intermediates'],
    otherwise: ['complete', 'ground'],
  },
  csi: {
    ...interrupted('csi'),
    intermediate: ['collect', 'csi'],
    parameter: ['collect', 'csi'],
    otherwise: ['complete', 'ground'],
  },
  command: {
    bell: ['complete', 'ground'],
    cancel: cut,
    escape: ['collect', 'command-escape'],
    otherwise: ['collect', 'command'],
  },
  'command-escape': { backslash: ['complete', 'ground'], otherwise: ['cut-before-escape', 'escape'] },
  string: { cancel: cut, escape: ['collect', 'string-escape'], otherwise: ['collect', 'string'] },
  'string-escape': { backslash: ['complete', 'ground'], otherwise: ['cut-before-escape', 'escape'] },
};

export const table = new StateTable({ kinds, states, actions, inRuns: ['text', 'collect'], rows });
