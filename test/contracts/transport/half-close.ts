/** Promise 6 of contracts.ts: EOF goes out behind what was written, and the other direction goes on. */
import { expect } from '@jest/globals';
import { HalfCloseableRecorder, Recorder } from '../../support/recorder.ts';
import { PushSource } from '../../support/sources.ts';
import { turns } from '../../support/turns.ts';
import { bytes, pattern, type ContractPromise } from './lab.ts';

const promises: readonly ContractPromise[] = [
  {
    title: 'loseWriteConnection sends what was written and then EOF, and receiving goes on',
    check: async lab => {
      const { near, far, out, back } = await lab.halfCloseable();
      const sent = pattern(1_000_000);
      out.write(sent);
      out.loseWriteConnection();
      await far.until(() => far.readLost === 1);
      expect(far.bytes.equals(sent)).toBe(true);
      await near.until(() => near.writeLost === 1);
      back.write(bytes('an answer'));
      await near.until(() => near.text === 'an answer');
      expect([near.lost, far.lost]).toEqual([0, 0]);
    },
  },
  {
    title: "the peer's EOF leaves a half-closeable protocol its own direction",
    check: async lab => {
      const { near, far, out, back } = await lab.halfCloseable();
      back.write(bytes('question'));
      back.loseWriteConnection();
      await near.until(() => near.readLost === 1);
      expect(near.text).toBe('question');
      out.write(bytes('answer'));
      await far.until(() => far.text === 'answer');
      out.loseConnection();
      expect((await near.ended()).kind).toBe(lab.endings.closed);
    },
  },
  {
    title: 'both directions ended is not the end: that is said by loseConnection',
    needs: ['outlivesEof'],
    check: async lab => {
      const { near, far, out, back } = await lab.halfCloseable();
      out.loseWriteConnection();
      back.loseWriteConnection();
      await near.until(() => near.readLost === 1 && near.writeLost === 1);
      await far.until(() => far.readLost === 1 && far.writeLost === 1);
      await turns(20);
      expect([near.lost, far.lost]).toEqual([0, 0]);
      out.loseConnection();
      back.loseConnection();
      expect((await near.ended()).kind).toBe(lab.endings.closed);
      expect((await far.ended()).kind).toBe(lab.endings.closedThere);
    },
  },
  {
    title: 'a write between loseWriteConnection and EOF is still sent, one after EOF is dropped without a word',
    check: async lab => {
      const { near, far, out } = await lab.halfCloseable();
      out.write(bytes('first, '));
      out.loseWriteConnection();
      out.write(bytes('last'));
      await near.until(() => near.writeLost === 1);
      out.write(bytes(', too late'));
      out.loseWriteConnection();
      await far.until(() => far.readLost === 1);
      await turns(10);
      expect([far.text, far.readLost, near.writeLost, near.lost]).toEqual(['first, last', 1, 1, 0]);
    },
  },
  {
    title: 'EOF waits for a registered producer, as a close does',
    needs: ['producers'],
    check: async lab => {
      const { near, far, out } = await lab.halfCloseable();
      out.registerProducer(new PushSource(near, { limit: 0 }), true);
      out.loseWriteConnection();
      await turns(20);
      out.write(bytes('late'));
      out.unregisterProducer();
      await far.until(() => far.readLost === 1);
      expect(far.text).toBe('late');
    },
  },
  {
    title: "the peer's EOF ends a plain protocol's connection, after what it wrote has been sent",
    check: async lab => {
      const sent = pattern(1_000_000);
      const near = new Recorder({ dataReceived: () => near.transport.write(sent) });
      const { far, back } = await lab.pair(near, new HalfCloseableRecorder());
      back.write(bytes('?'));
      back.loseWriteConnection();
      expect((await near.ended()).kind).toBe(lab.endings.closed);
      await far.until(() => far.received === sent.length);
      expect(far.bytes.equals(sent)).toBe(true);
    },
  },
  {
    title: 'EOF is not heard by a paused reader before what stands in front of it',
    check: async lab => {
      const { near, out, back } = await lab.halfCloseable();
      out.pauseProducing();
      back.write(bytes('before'));
      back.loseWriteConnection();
      await turns(20);
      expect(near.calls).toEqual(['makeConnection']);
      out.resumeProducing();
      await near.until(() => near.readLost === 1);
      expect(near.text).toBe('before');
    },
  },
  {
    title: 'loseConnection after loseWriteConnection closes both directions',
    check: async lab => {
      const { near, far, out } = await lab.plain();
      out.write(bytes('all'));
      out.loseWriteConnection();
      out.loseConnection();
      expect((await near.ended()).kind).toBe(lab.endings.closed);
      expect((await far.ended()).kind).toBe(lab.endings.closedThere);
      expect(far.text).toBe('all');
    },
  },
];

/** Every promise of this chapter needs half-close. */
export const halfClose: readonly ContractPromise[] = promises.map(promise => ({
  ...promise,
  needs: ['halfClose', ...(promise.needs ?? [])],
}));
