/**
 * Prints how many bytes on the heap one more pair of logged-in SSH ends holds: the median of several steps, for in some of
 * them V8 keeps something for itself, such as code, or lets go of it. In a process of its own, because what other tests
 * have left behind in V8 may double it. Wants --expose-gc.
 */
import { sshPair } from '../../dist/ssh/testing.js';

const STEPS = 7;
const PAIRS = 50;

function heldBytes() {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

const kept = [];
const steps = [];
while (steps.length < STEPS) {
  const before = heldBytes();
  for (let made = 0; made < PAIRS; made += 1) kept.push(await sshPair());
  await new Promise(setImmediate);
  steps.push((heldBytes() - before) / PAIRS);
}
console.log(Math.round(steps.sort((a, b) => a - b)[(STEPS - 1) / 2]));
process.exit();
