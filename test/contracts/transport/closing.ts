/** Promises 2 and 3 of contracts.ts: a close sends everything, waits for a producer, and then nothing does anything. */
import { expect } from '@jest/globals';
import { PullSource, PushSource } from '../../support/sources.ts';
import { turns } from '../../support/turns.ts';
import { bytes, pattern, type ContractPromise } from './lab.ts';

export const closing: readonly ContractPromise[] = [
  {
    title: 'loseConnection sends what is queued, then ends both ends',
    check: async lab => {
      const { near, far, out } = await lab.plain();
      const sent = pattern(1_000_000);
      out.write(sent);
      out.loseConnection();
      expect((await near.ended()).kind).toBe(lab.endings.closed);
      expect((await far.ended()).kind).toBe(lab.endings.closedThere);
      expect(far.bytes.equals(sent)).toBe(true);
    },
  },
  {
    title: 'a write after loseConnection, before everything is out, is still sent',
    check: async lab => {
      const { far, out } = await lab.plain();
      out.write(bytes('first, '));
      out.loseConnection();
      out.write(bytes('and last'));
      await far.ended();
      expect(far.text).toBe('first, and last');
    },
  },
  {
    title: 'repeating loseConnection does nothing',
    check: async lab => {
      const { near, far, out } = await lab.plain();
      out.write(bytes('once'));
      out.loseConnection();
      out.loseConnection();
      await near.ended();
      out.loseConnection();
      await far.ended();
      await turns(10);
      expect([near.lost, far.lost, far.text]).toEqual([1, 1, 'once']);
    },
  },
  {
    title: 'loseConnection stops the input at once',
    needs: ['producers'],
    check: async lab => {
      const { near, far, out, back } = await lab.plain();
      out.registerProducer(new PushSource(near, { limit: 0 }), true);
      out.loseConnection();
      back.write(bytes('not heard'));
      await turns(20);
      out.unregisterProducer();
      await Promise.all([near.ended(), far.ended()]);
      expect(near.received).toBe(0);
    },
  },
  {
    title: 'loseConnection waits for a streaming producer, even one that is not paused, until it unregisters',
    needs: ['producers'],
    check: async lab => {
      const { near, far, out } = await lab.plain();
      out.registerProducer(new PushSource(near, { limit: 0 }), true);
      out.write(bytes('early, '));
      out.loseConnection();
      await far.until(() => far.text === 'early, ');
      await turns(20);
      expect(near.lost).toBe(0);
      out.write(bytes('late'));
      out.unregisterProducer();
      await far.ended();
      expect(far.text).toBe('early, late');
    },
  },
  {
    title: 'loseConnection waits for a pull producer, and goes on asking it, until it unregisters',
    needs: ['producers'],
    check: async lab => {
      const { near, far, out } = await lab.plain();
      out.registerProducer(new PullSource(near, ['a', 'b', 'c']), false);
      out.loseConnection();
      await far.ended();
      expect(far.text).toBe('abc');
      expect(near.calls).not.toContain('stopProducing');
    },
  },
  {
    title: 'stopProducing on a transport is loseConnection',
    check: async lab => {
      const { near, far, out } = await lab.plain();
      out.write(bytes('before'));
      out.stopProducing();
      expect((await near.ended()).kind).toBe(lab.endings.closed);
      await far.ended();
      expect(far.text).toBe('before');
    },
  },
  {
    title: 'disposing of a connection is loseConnection, and waits for the end',
    check: async lab => {
      const { near, far, out } = await lab.plain();
      out.write(bytes('to the last'));
      await out[Symbol.asyncDispose]();
      expect([near.lost, near.reason?.kind]).toEqual([1, lab.endings.closed]);
      await far.ended();
      expect(far.text).toBe('to the last');
      await out[Symbol.asyncDispose]();
    },
  },
  {
    title: "the peer's close is heard behind all that it sent, even by a reader that was paused",
    check: async lab => {
      const { near, out, back } = await lab.plain();
      out.pauseProducing();
      back.write(bytes('last words'));
      back.loseConnection();
      await turns(20);
      expect(near.calls).toEqual(['makeConnection']);
      out.resumeProducing();
      expect((await near.ended()).kind).toBe(lab.endings.closed);
      expect(near.text).toBe('last words');
    },
  },
  {
    title: 'after the end every call is a silent no-op, and both addresses are still known',
    check: async lab => {
      const { near, far, out } = await lab.plain();
      const [peer, host] = [out.getPeer(), out.getHost()];
      out.loseConnection();
      await Promise.all([near.ended(), far.ended()]);
      const heard = [...near.calls];
      out.write(bytes('too late'));
      out.writeSequence([bytes('too'), bytes('late')]);
      out.pauseProducing();
      out.resumeProducing();
      out.stopProducing();
      out.loseConnection();
      out.loseWriteConnection();
      out.abortConnection();
      out.unregisterProducer();
      await turns(10);
      expect(near.calls).toEqual(heard);
      expect(far.received).toBe(0);
      expect([out.getPeer(), out.getHost()]).toEqual([peer, host]);
    },
  },
];
