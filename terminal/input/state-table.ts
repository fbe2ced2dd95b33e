/**
 * The table of the input parser: in each state, what each kind of byte does and which state follows.
 *
 * It reads what a terminal sends: keys, reports, pastes. So it differs from a screen's parser (Paul Williams' VT500
 * diagram, https://vt100.net/emu/dec_ansi_parser), from which it comes: ESC and a letter is that letter with Alt; ESC [ [
 * is a Linux console key; ESC [ M has three bytes behind it (X10 mouse); a control character inside of a sequence means
 * that the sequence was cut off. 8-bit C1 controls are not known: input is UTF-8, where those bytes are parts of letters.
 */
import { StateTable, type Row, type Rule } from '../parsing/state-table.ts';

/** Kinds of bytes. */
const kinds = [
  ['control', 0x00, 0x1f],
  ['bell', 0x07, 0x07],
  ['escape', 0x1b, 0x1b],
  ['intermediate', 0x20, 0x2f],
  ['dollar', 0x24, 0x24],
  ['parameter', 0x30, 0x3f],
  ['final', 0x40, 0x7e],
  ['capital-m', 0x4d, 0x4d],
  ['capital-o', 0x4f, 0x4f],
  ['bracket', 0x5b, 0x5b],
  // DCS, SOS, OSC, PM and APC, as ESC and a letter: ECMA-48 §5.3.
  ['string', 0x50, 0x50],
  ['string', 0x58, 0x58],
  ['string', 0x5d, 0x5d],
  ['string', 0x5e, 0x5f],
  ['backslash', 0x5c, 0x5c],
  ['delete', 0x7f, 0x7f],
  ['high', 0x80, 0xff],
] as const;
type ByteKind = (typeof kinds)[number][0] | 'final';

const states = [
  'ground',
  'escape',
  'escape-escape',
  'csi',
  'csi-parameters',
  'csi-intermediates',
  'linux',
  'mouse',
  'ss3',
  'string',
  'string-escape',
  'paste',
] as const;
type State = (typeof states)[number];

const actions = [
  /** Nothing here is allowed: what was collected was cut off. Report it, then take the byte in `ground`. */
  'cut',
  /** A control character that is a key. */
  'control',
  /** Taken in runs. */
  'text',
  /** Begin to collect with this byte. */
  'begin',
  'collect',
  /** Collect this byte; the sequence is complete. */
  'complete',
  /** ESC and this: the key with Alt. */
  'alt',
  /** The first ESC of two was a key by itself; the second begins what follows. */
  'two-escapes',
  /** Three: the first two were Alt with Escape. */
  'three-escapes',
  /** `$` behind a number may end a sequence of rxvt. */
  'complete-if-rxvt',
  /** Three bytes behind `CSI M` make a mouse event. */
  'complete-if-third',
] as const;
export type Action = (typeof actions)[number];

const cut: Rule<Action, State> = ['cut', 'ground'];
const completeCsi: Partial<Record<ByteKind, Rule<Action, State>>> = {
  final: ['complete', 'ground'],
  'capital-m': ['complete', 'ground'],
  'capital-o': ['complete', 'ground'],
  bracket: ['complete', 'ground'],
  string: ['complete', 'ground'],
  backslash: ['complete', 'ground'],
};

const rows: Readonly<Record<State, Row<ByteKind, Action, State>>> = {
  ground: {
    control: ['control', 'ground'],
    bell: ['control', 'ground'],
    delete: ['control', 'ground'],
    escape: ['begin', 'escape'],
    otherwise: ['text', 'ground'],
  },
  escape: {
    escape: ['collect', 'escape-escape'],
    bracket: ['collect', 'csi'],
    'capital-o': ['collect', 'ss3'],
    string: ['collect', 'string'],
    otherwise: ['alt', 'ground'],
  },
  'escape-escape': {
    escape: ['three-escapes', 'escape'],
    bracket: ['collect', 'csi'],
    'capital-o': ['collect', 'ss3'],
    otherwise: ['two-escapes', 'escape'],
  },
  csi: {
    ...completeCsi,
    bracket: ['collect', 'linux'],
    'capital-m': ['collect', 'mouse'],
    parameter: ['collect', 'csi-parameters'],
    intermediate: ['collect', 'csi-intermediates'],
    dollar: ['collect', 'csi-intermediates'],
    otherwise: cut,
  },
  'csi-parameters': {
    ...completeCsi,
    parameter: ['collect', 'csi-parameters'],
    intermediate: ['collect', 'csi-intermediates'],
    dollar: ['complete-if-rxvt', 'csi-intermediates'],
    otherwise: cut,
  },
  'csi-intermediates': {
    ...completeCsi,
    parameter: ['collect', 'csi-intermediates'],
    intermediate: ['collect', 'csi-intermediates'],
    dollar: ['collect', 'csi-intermediates'],
    otherwise: cut,
  },
  linux: { ...completeCsi, otherwise: cut },
  mouse: {
    control: cut,
    bell: cut,
    escape: cut,
    otherwise: ['complete-if-third', 'mouse'],
  },
  ss3: {
    ...completeCsi,
    parameter: ['collect', 'ss3'],
    intermediate: ['complete', 'ground'],
    dollar: ['complete', 'ground'],
    otherwise: cut,
  },
  // Some terminals end their strings with BEL instead of ST, as xterm does when asked that way.
  string: {
    control: cut,
    delete: cut,
    bell: ['complete', 'ground'],
    escape: ['collect', 'string-escape'],
    otherwise: ['collect', 'string'],
  },
  'string-escape': { backslash: ['complete', 'ground'], otherwise: ['cut', 'escape'] },
  // Taken in runs, and never byte by byte.
  paste: { otherwise: ['text', 'paste'] },
};

export const table = new StateTable({ kinds, states, actions, inRuns: ['text', 'collect'], rows });
