/**
 * All promises at once: random calls on both ends, in any order, against a small model of what must have come of them.
 *
 * The model knows only what the contract says. What one end wrote arrives as a prefix of itself, always; and whole, if
 * nobody aborted and the reader did not close first. What is written behind an end of writing may or may not go out.
 */
import { expect } from '@jest/globals';
import fc from '../../support/properties.ts';
import { turns } from '../../support/turns.ts';
import { ModelEnd } from './model-end.ts';
import type { Abilities, ContractPromise, Lab } from './lab.ts';

/** One call: on the near or the far end, with a size for those that write. */
interface Step {
  readonly on: 'near' | 'far';
  readonly call: Call;
  readonly size: number;
}

const calls = {
  write: end => (size: number) => end.write(size),
  writeSequence: end => (size: number) => end.writeSequence(size),
  pause: end => () => end.pause(),
  pauseOnData: end => () => end.pauseOnData(),
  resume: end => () => end.resume(),
  registerPush: end => (size: number) => end.registerPush(size),
  registerPull: end => (size: number) => end.registerPull(size),
  unregister: end => () => end.unregister(),
  loseWriteConnection: end => () => end.loseWriteConnection(),
  loseConnection: end => () => end.loseConnection(),
  abortConnection: end => () => end.abortConnection(),
} satisfies Record<string, (end: ModelEnd) => (size: number) => void>;

/** A transport whose connections are costly is tried less often, not longer: no run begins later than this. */
const patience = 1_500;

type Call = keyof typeof calls | 'wait';

/** How often each is drawn; endings are rare, or nothing would happen before them. */
const weights: ReadonlyArray<readonly [Call, weight: number, needs?: keyof Abilities]> = [
  ['write', 8],
  ['writeSequence', 3],
  ['wait', 8],
  ['pause', 2],
  ['pauseOnData', 2],
  ['resume', 3],
  ['registerPush', 4, 'producers'],
  ['registerPull', 4, 'producers'],
  ['unregister', 1, 'producers'],
  ['loseWriteConnection', 2, 'halfClose'],
  ['loseConnection', 2],
  ['abortConnection', 1],
];

export const interleavings: readonly ContractPromise[] = [
  {
    title: 'whatever is called in whatever order, what arrives is what was written, and the end comes once and last',
    check: async lab => {
      const deadline = Date.now() + patience;
      const property = fc.asyncProperty(stepsFor(lab), async steps => {
        if (Date.now() < deadline) await hold(lab, steps);
      });
      await fc.assert(property, { numRuns: 100 });
    },
  },
];

function stepsFor(lab: Lab): fc.Arbitrary<Step[]> {
  const possible = weights.filter(([, , needs]) => needs === undefined || lab.can(needs));
  const call = fc.oneof(...possible.map(([name, weight]) => ({ weight, arbitrary: fc.constant(name) })));
  const size = fc.oneof(fc.nat(40), fc.nat(200_000));
  return fc.array(fc.record({ on: fc.constantFrom('near', 'far'), call, size }), { maxLength: 24, size: 'max' });
}

/** Make the calls, bring both ends to an end, and compare. */
async function hold(lab: Lab, steps: readonly Step[]): Promise<void> {
  const near = new ModelEnd(0);
  const far = new ModelEnd(1);
  await lab.pair(near.recorder, far.recorder);
  const ends = { near, far };
  for (const { on, call, size } of steps) {
    if (call === 'wait') await turns(1 + (size % 4));
    else quietly([near, far], () => calls[call](ends[on])(size));
  }
  await conclude(lab, near, far);
  for (const [reader, writer] of [
    [near, far],
    [far, near],
  ] as const) {
    reader.expectRead(writer);
    reader.expectEnd();
  }
}

/** Promise 8: no call calls back. */
function quietly(ends: readonly ModelEnd[], call: () => void): void {
  const before = ends.map(end => end.heard);
  call();
  expect(ends.map(end => end.heard)).toEqual(before);
}

/** Let everything owed arrive, then close what is still open. */
async function conclude(lab: Lab, near: ModelEnd, far: ModelEnd): Promise<void> {
  for (const end of [near, far]) end.resume();
  await turns(2);
  for (const end of [near, far]) end.finishProducing();
  await Promise.all([near.untilOwed(far), far.untilOwed(near)]);
  for (const end of [near, far]) end.recorder.transport.loseConnection();
  await Promise.all([near.recorder.ended(), far.recorder.ended()]);
  await turns(lab.can('backPressure') ? 2 : 4);
}
