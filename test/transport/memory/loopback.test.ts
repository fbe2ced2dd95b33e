/** What the loopback does beyond the contract. */
import { expect, test } from '@jest/globals';
import { loopback } from '../../../transport/memory/loopback.ts';
import { Recorder } from '../../support/recorder.ts';
import { turns } from '../../support/turns.ts';

test('delivery comes on a later turn of the event loop: two ends that answer each other leave it to others too', async () => {
  const near = new Recorder({ dataReceived: () => answer(near) });
  const far = new Recorder({ dataReceived: () => answer(far) });
  const answer = ({ received, transport }: Recorder): void => {
    if (received < 1_000) transport.write(Buffer.from('.'));
  };
  loopback(near, far);
  near.transport.write(Buffer.from('.'));
  await Promise.resolve();
  expect(far.received).toBe(0);
  await turns(10);
  expect(far.received).toBeGreaterThan(0);
  expect(far.received).toBeLessThan(20);
  near.transport.abortConnection();
  await far.ended();
});

test('each end knows itself and the other by name', async () => {
  const far = new Recorder();
  const [left, right] = loopback(new Recorder(), far);
  expect(left.getHost()).toEqual(right.getPeer());
  expect(left.getPeer()).toEqual(right.getHost());
  expect(left.getHost()).not.toEqual(left.getPeer());
  left.loseConnection();
  await far.ended();
});

test.each([
  ['identity', ['ab', 'c']],
  ['collapsing', ['abc']],
] as const)('delivery by %s: two writes in one turn are %j', async (delivery, chunks) => {
  const far = new Recorder();
  const [near] = loopback(new Recorder(), far, { delivery });
  near.write(Buffer.from('ab'));
  near.write(Buffer.from('c'));
  await far.until(() => far.received === 3);
  expect(far.chunks.map(chunk => Buffer.from(chunk).toString())).toEqual(chunks);
});
