/**
 * The transport contract, as tests: every promise at the top of transport/contracts.ts, for one implementation.
 *
 * `transportContract('tcp', connectOverTcp)` declares them all. What an implementation cannot do is declared in
 * `capabilities`, never guessed from its name; promises that need it are then not declared as tests.
 */
import { describe, test } from '@jest/globals';
import { backPressure } from './transport/back-pressure.ts';
import { closing } from './transport/closing.ts';
import { endings } from './transport/endings.ts';
import { halfClose } from './transport/half-close.ts';
import { interleavings } from './transport/interleavings.ts';
import { Lab, type Capabilities, type Connect, type ContractPromise } from './transport/lab.ts';
import { order } from './transport/order.ts';

const chapters: Record<string, readonly ContractPromise[]> = {
  'order and wholeness': order,
  'closing in order': closing,
  'endings of every kind': endings,
  'back-pressure both ways': backPressure,
  'half-close': halfClose,
  'all of it at random': interleavings,
};

/** Declare the tests of every promise for the transport that `connect` makes; `near` is the end under test. */
export function transportContract(name: string, connect: Connect, capabilities: Partial<Capabilities> = {}): void {
  describe(`${name} is a transport`, () => {
    for (const [chapter, promises] of Object.entries(chapters)) {
      const kept = promises.filter(({ needs = [] }) => needs.every(need => capabilities[need] ?? true));
      if (kept.length === 0) continue;
      describe(chapter, () => {
        for (const { title, check } of kept) test(title, () => Lab.run(connect, capabilities, check));
      });
    }
  });
}
