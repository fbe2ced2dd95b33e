/** The Q method (RFC 1143 §7): its table, and that two ends that negotiate at random settle and agree. */
import { expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import {
  isAsking,
  optionStep,
  type OptionInput,
  type OptionState,
  type OptionStep,
} from '../../../transport/telnet/option-state.ts';

const states: readonly OptionState[] = ['off', 'on', 'asked-off', 'asked-off-then-on', 'asked-on', 'asked-on-then-off'];
const inputs: readonly OptionInput[] = ['want-on', 'want-off', 'hear-on', 'refuse-on', 'hear-off'];

/** RFC 1143 §7 as it is written there: by what happens, then by state; `+` and `-` are what is sent. */
const table: Readonly<Record<OptionInput, readonly string[]>> = {
  'want-on': ['asked-on +', 'on', 'asked-off-then-on', 'asked-off-then-on', 'asked-on', 'asked-on'],
  'want-off': ['off', 'asked-off -', 'asked-off', 'asked-off', 'asked-on-then-off', 'asked-on-then-off'],
  'hear-on': ['on +', 'on', 'off', 'on', 'on', 'asked-off -'],
  'refuse-on': ['off -', 'on', 'off', 'on', 'on', 'asked-off -'],
  'hear-off': ['off', 'off -', 'off', 'asked-on +', 'off', 'off'],
};

const words = ({ next, send }: OptionStep): string => `${next}${send === undefined ? '' : send === 'on' ? ' +' : ' -'}`;

test.each(inputs)('%s does in every state what RFC 1143 says', input => {
  expect(states.map(state => words(optionStep(state, input)))).toEqual(table[input]);
});

/** One end's view of an option of which it is, or is not, the performer; the other's words wait in `inbox`. */
interface End {
  state: OptionState;
  readonly agrees: boolean;
  readonly inbox: Array<'on' | 'off'>;
  /** What it wanted last. */
  wants?: 'on' | 'off';
}

type Move = 'near on' | 'near off' | 'far on' | 'far off' | 'near hears' | 'far hears';
const moves = fc.array(fc.constantFrom<Move>('near on', 'near off', 'far on', 'far off', 'near hears', 'far hears'), {
  maxLength: 40,
});

test('whatever two ends ask for, in whatever order it crosses, they settle, and agree', () => {
  const property = fc.property(moves, fc.boolean(), fc.boolean(), (steps, nearAgrees, farAgrees) => {
    const near: End = { state: 'off', agrees: nearAgrees, inbox: [] };
    const far: End = { state: 'off', agrees: farAgrees, inbox: [] };
    for (const step of steps) move(step, near, far);
    let sent = 0;
    while (near.inbox.length + far.inbox.length > 0) {
      hear(near, far);
      hear(far, near);
      expect((sent += 1)).toBeLessThan(200); // an end to it: RFC 1143 §5
    }
    expect([isAsking(near.state), isAsking(far.state)]).toEqual([false, false]);
    expect(near.state).toBe(far.state);
    if (near.wants === 'off' && far.wants === 'off') expect(near.state).toBe('off');
  });
  fc.assert(property, { numRuns: 2_000 });
});

function move(step: Move, near: End, far: End): void {
  const [who, what] = step.split(' ');
  const [end, other] = who === 'near' ? [near, far] : [far, near];
  if (what === 'hears') return hear(end, other);
  end.wants = what === 'on' ? 'on' : 'off';
  take(end, other, what === 'on' ? 'want-on' : 'want-off');
}

function hear(end: End, other: End): void {
  const word = end.inbox.shift();
  if (word) take(end, other, word === 'off' ? 'hear-off' : end.agrees ? 'hear-on' : 'refuse-on');
}

function take(end: End, other: End, input: OptionInput): void {
  const { next, send } = optionStep(end.state, input);
  end.state = next;
  if (send) other.inbox.push(send);
}
