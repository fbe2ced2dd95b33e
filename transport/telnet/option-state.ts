/**
 * How one side of one option is negotiated: the Q method of RFC 1143, as a table.
 *
 * It cannot loop: an acknowledgement is never acknowledged, and a request while another is under way waits for it.
 * `on` and `off` are WILL and WONT for our own side, DO and DONT for the peer's.
 */

/** `…-then-…`: the opposite was asked for meanwhile, and is asked of the peer next. */
export type OptionState = 'off' | 'on' | 'asked-off' | 'asked-off-then-on' | 'asked-on' | 'asked-on-then-off';

export type OptionInput =
  /** We want it on, or off. */
  | 'want-on'
  | 'want-off'
  /** The peer said so: WILL or DO, WONT or DONT. `refuse-on` is the first, when we do not agree to it. */
  | 'hear-on'
  | 'refuse-on'
  | 'hear-off';

export interface OptionStep {
  readonly next: OptionState;
  readonly send?: 'on' | 'off';
}

type Row = Readonly<Partial<Record<OptionInput, OptionStep>>>;

/** RFC 1143 §7. An absent entry changes nothing and sends nothing. */
const steps: Readonly<Record<OptionState, Row>> = {
  off: {
    'want-on': { next: 'asked-on', send: 'on' },
    'hear-on': { next: 'on', send: 'on' },
    'refuse-on': { next: 'off', send: 'off' },
  },
  on: {
    'want-off': { next: 'asked-off', send: 'off' },
    'hear-off': { next: 'off', send: 'off' },
  },
  'asked-off': {
    'want-on': { next: 'asked-off-then-on' },
    'hear-off': { next: 'off' },
    // The peer may not answer "stop" by "I do". Taken as the answer that it has to be.
    'hear-on': { next: 'off' },
    'refuse-on': { next: 'off' },
  },
  'asked-off-then-on': {
    'want-off': { next: 'asked-off' },
    'hear-off': { next: 'asked-on', send: 'on' },
    'hear-on': { next: 'on' },
    'refuse-on': { next: 'on' },
  },
  'asked-on': {
    'want-off': { next: 'asked-on-then-off' },
    'hear-on': { next: 'on' },
    'refuse-on': { next: 'on' },
    'hear-off': { next: 'off' },
  },
  'asked-on-then-off': {
    'want-on': { next: 'asked-on' },
    'hear-on': { next: 'asked-off', send: 'off' },
    'refuse-on': { next: 'asked-off', send: 'off' },
    'hear-off': { next: 'off' },
  },
};

export const optionStep = (state: OptionState, input: OptionInput): OptionStep =>
  steps[state][input] ?? { next: state };

/** Whether an answer of the peer's is awaited. */
export const isAsking = (state: OptionState): boolean => state !== 'on' && state !== 'off';
