/** Promises 4 and 7 of contracts.ts: one `connectionLost`, last, with the true reason; an abort is now. */
import { expect } from '@jest/globals';
import { HalfCloseableRecorder, Recorder } from '../../support/recorder.ts';
import { PushSource } from '../../support/sources.ts';
import { turns } from '../../support/turns.ts';
import { bytes, pattern, type ContractPromise } from './lab.ts';

const fault = new Error('a fault in the protocol');
const fail = (): never => {
  throw fault;
};

export const endings: readonly ContractPromise[] = [
  {
    title: 'connectionLost comes exactly once and last, whatever ends it again',
    check: async lab => {
      const { near, far, out, back } = await lab.plain();
      back.write(bytes('on its way'));
      out.loseConnection();
      out.abortConnection();
      back.abortConnection();
      await Promise.all([near.ended(), far.ended()]);
      await turns(20);
      expect([near.lost, far.lost]).toEqual([1, 1]);
      expect([near.calls.at(-1), far.calls.at(-1)]).toEqual(['connectionLost', 'connectionLost']);
    },
  },
  {
    title: 'abortConnection drops what is queued, and the other end hears that it was cut',
    check: async lab => {
      const { near, far, out } = await lab.plain();
      out.write(pattern(1_000_000));
      out.abortConnection();
      expect((await near.ended()).kind).toBe(lab.endings.aborted);
      expect((await far.ended()).kind).toBe(lab.endings.abortedThere);
      expect(far.received).toBeLessThan(1_000_000);
    },
  },
  {
    title: "abortConnection cuts short a close that still waits for the reader's end",
    needs: ['producers'],
    check: async lab => {
      const { near, out } = await lab.plain();
      out.registerProducer(new PushSource(near, { limit: 0 }), true);
      out.loseConnection();
      await turns(5);
      out.abortConnection();
      expect((await near.ended()).kind).toBe(lab.endings.aborted);
    },
  },
  {
    title: "the peer's abort is heard as what it is",
    check: async lab => {
      const { near, back } = await lab.plain();
      back.abortConnection();
      expect((await near.ended()).kind).toBe(lab.endings.abortedByPeer);
    },
  },
  {
    title: 'nothing is delivered after an abort made while receiving',
    check: async lab => {
      const near = new Recorder({ dataReceived: () => near.transport.abortConnection() });
      const { back } = await lab.pair(near, new Recorder());
      for (const text of ['one', 'two', 'three']) back.write(bytes(text));
      await near.ended();
      expect(near.calls).toEqual(['makeConnection', 'dataReceived', 'connectionLost']);
    },
  },
  {
    title: 'a protocol that throws while receiving loses its own connection, for that reason, and no other',
    needs: ['guards'],
    check: async lab => {
      const other = await lab.plain();
      const { near, far, back } = await lab.pair(new Recorder({ dataReceived: fail }), new Recorder());
      back.write(bytes('cause'));
      expect(await near.ended()).toEqual({ kind: 'protocol-error', error: fault });
      await far.ended();
      expect(near.calls).toEqual(['makeConnection', 'dataReceived', 'connectionLost']);
      other.out.write(bytes('unharmed'));
      await other.far.until(() => other.far.text === 'unharmed');
    },
  },
  {
    title: 'a protocol that throws in makeConnection has its connection taken away again',
    needs: ['guards'],
    check: async lab => {
      const { near, far } = await lab.pair(new Recorder({ makeConnection: fail }), new Recorder());
      expect(await near.ended()).toEqual({ kind: 'protocol-error', error: fault });
      await far.ended();
    },
  },
  {
    title: 'a protocol that throws when told of EOF loses its own connection, for that reason',
    needs: ['guards', 'halfClose'],
    check: async lab => {
      const near = new HalfCloseableRecorder({ readConnectionLost: fail });
      const { back } = await lab.pair(near, new HalfCloseableRecorder());
      back.loseWriteConnection();
      expect(await near.ended()).toEqual({ kind: 'protocol-error', error: fault });
    },
  },
  {
    title: 'a registered producer is stopped before connectionLost, whichever end ends it',
    needs: ['producers'],
    check: async lab => {
      for (const end of ['out', 'back'] as const) {
        const pair = await lab.plain();
        const source = new PushSource(pair.near, { limit: 1_000_000 });
        pair.out.registerProducer(source, true);
        pair[end].abortConnection();
        source.produce(); // where an abort looks like EOF, it is writing that finds out
        await pair.near.ended();
        expect(pair.near.calls.slice(-2)).toEqual(['stopProducing', 'connectionLost']);
      }
    },
  },
  {
    title: 'a producer registered after the end is stopped at once',
    needs: ['producers'],
    check: async lab => {
      const { near, out } = await lab.plain();
      out.loseConnection();
      await near.ended();
      out.registerProducer(new PushSource(near), true);
      expect(near.calls.at(-1)).toBe('stopProducing');
    },
  },
  {
    title: 'more than maxQueueBytes waiting is an end with that reason, not more memory',
    needs: ['limits'],
    check: async lab => {
      const { near, far, out } = await lab.plain({ maxQueueBytes: 10_000 });
      out.write(new Uint8Array(10_000));
      await turns(1);
      expect(near.lost).toBe(0);
      await far.until(() => far.received === 10_000);
      out.writeSequence([new Uint8Array(9_000), new Uint8Array(1_001)]);
      expect(await near.ended()).toEqual({ kind: 'overflow', limit: 10_000 });
      await far.ended();
    },
  },
];
