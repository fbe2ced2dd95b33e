/** A loopback that moves only when it is pumped. */
import { expect, test } from '@jest/globals';
import { loopbackRelay } from '../../../transport/memory/loopback-relay.ts';
import { Recorder } from '../../support/recorder.ts';
import { turns } from '../../support/turns.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

test('nothing is delivered before the pump, and one pump delivers what was there', async () => {
  const far = new Recorder();
  const relay = loopbackRelay(new Recorder(), far);
  relay.near.write(bytes('a'));
  relay.near.write(bytes('b'));
  await turns(10);
  expect(far.calls).toEqual(['makeConnection']);
  expect(await relay.pump()).toBe(true);
  expect(far.chunks).toEqual([Uint8Array.of(0x61), Uint8Array.of(0x62)]);
  expect(await relay.pump()).toBe(false);
});

test('an answer written during a delivery waits for the next pump, and a close with it loses nothing', async () => {
  const near = new Recorder();
  const far: Recorder = new Recorder({
    dataReceived: () => {
      far.transport.write(bytes('answer'));
      far.transport.loseConnection();
    },
  });
  const relay = loopbackRelay(near, far);
  relay.near.write(bytes('question'));
  await relay.pump();
  expect([far.text, near.text]).toEqual(['question', '']);
  await relay.pump();
  expect(near.text).toBe('answer');
  await relay.pumpAll();
  expect([near.reason?.kind, far.reason?.kind]).toEqual(['done', 'done']);
});

test('collapsing delivery joins what was written since the last pump', async () => {
  const far = new Recorder();
  const relay = loopbackRelay(new Recorder(), far, { delivery: 'collapsing' });
  for (const text of ['one ', 'two ', 'three']) relay.near.write(bytes(text));
  await relay.pump();
  expect([far.chunks.length, far.text]).toEqual([1, 'one two three']);
});
