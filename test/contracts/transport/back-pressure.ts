/** Promise 5 of contracts.ts: a full queue pauses its producer, a paused reader stops the writer at the other end. */
import { expect } from '@jest/globals';
import { LocalMisuseError } from '../../../transport/errors.ts';
import { Recorder } from '../../support/recorder.ts';
import { PullSource, PushSource } from '../../support/sources.ts';
import { turns } from '../../support/turns.ts';
import { bytes, type ContractPromise, type Lab } from './lab.ts';

/** More than kernels hold between two sockets: a writer that gets this far was never stopped. */
const neverStopped = 256 * 1024 * 1024;

export const backPressure: readonly ContractPromise[] = [
  {
    title: 'a streaming producer is paused above the high-water mark, not at it',
    needs: ['producers', 'limits'],
    check: async lab => {
      const { near, out } = await lab.plain({ highWaterMark: 1_000 });
      const source = new PushSource(near, { limit: 0 });
      out.registerProducer(source, true);
      out.write(new Uint8Array(1_000));
      expect(source.paused).toBe(false);
      out.write(new Uint8Array(1));
      expect(source.paused).toBe(true);
      await near.until(() => !source.paused);
      expect(near.calls).toEqual(['makeConnection', 'pauseProducing', 'resumeProducing']);
    },
  },
  {
    title: 'a producer that fills the queue again and again is paused and resumed in turn, and all of it arrives',
    needs: ['producers', 'limits'],
    check: async lab => {
      const { near, far, out } = await lab.plain({ highWaterMark: 10_000 });
      const source = new PushSource(near, { chunk: 4_000, limit: 400_000 });
      out.registerProducer(source, true);
      source.produce();
      expect(source.written).toBe(12_000);
      await far.until(() => far.received === 400_000);
      const calls = near.calls.filter(call => call.endsWith('Producing'));
      expect(calls.length).toBeGreaterThan(10);
      expect(calls.every((call, index) => call === (index % 2 === 0 ? 'pauseProducing' : 'resumeProducing'))).toBe(
        true,
      );
    },
  },
  {
    title: 'a producer registered over a full queue is paused at once',
    needs: ['producers', 'limits'],
    check: async lab => {
      const { near, out } = await lab.plain({ highWaterMark: 1_000 });
      out.write(new Uint8Array(2_000));
      const source = new PushSource(near, { limit: 0 });
      out.registerProducer(source, true);
      expect(source.paused).toBe(true);
      await near.until(() => !source.paused);
    },
  },
  {
    title: 'a pull producer is asked once for each time that the queue has drained',
    needs: ['producers'],
    check: async lab => {
      const { near, far, out } = await lab.plain();
      out.registerProducer(new PullSource(near, ['a', 'b', 'c']), false);
      await far.until(() => far.text === 'abc');
      await near.until(() => near.calls.filter(call => call === 'resumeProducing').length === 4);
    },
  },
  {
    title: 'a second producer is refused as a misuse, and the first stays; a third may follow once it unregisters',
    needs: ['producers'],
    check: async lab => {
      const { near, out } = await lab.plain();
      const sources = [1, 2, 3].map(() => new PushSource(near, { limit: 0 })) as [PushSource, PushSource, PushSource];
      out.registerProducer(sources[0], true);
      expect(() => out.registerProducer(sources[1], true)).toThrow(LocalMisuseError);
      out.unregisterProducer();
      out.registerProducer(sources[2], true);
      out.abortConnection();
      await near.ended();
      expect(sources.map(source => source.stopped)).toEqual([false, false, true]);
    },
  },
  {
    title: 'a reader that pauses while receiving hears nothing more until it resumes, and then everything',
    check: async lab => {
      const near = new Recorder({ dataReceived: () => near.transport.pauseProducing() });
      const { out, back } = await lab.pair(near, new Recorder());
      back.write(bytes('first '));
      await near.until(() => near.received > 0);
      back.write(bytes('second '));
      back.write(bytes('third'));
      await turns(20);
      expect(near.calls).toEqual(['makeConnection', 'dataReceived']);
      while (near.text !== 'first second third') {
        const heard = near.received;
        out.resumeProducing();
        await near.until(() => near.received > heard);
      }
    },
  },
  {
    title: 'a paused reader stops the writer at the other end: its queue stays full, its producer paused',
    needs: ['backPressure', 'producers'],
    check: async lab => {
      const { near, far, back, out } = await lab.plain();
      const source = await produceUntilStuck(near, back, out, far);
      const heard = far.received;
      await probes(near, back);
      expect([source.paused, far.received]).toEqual([true, heard]);
      await drain(source, back, far);
    },
  },
  {
    title: 'pausing here stops the writer at the other end in the same way',
    needs: ['backPressure', 'producers'],
    check: async lab => {
      const { near, far, back, out } = await lab.plain();
      const source = await produceUntilStuck(far, out, back, near);
      const heard = near.received;
      await probes(far, out);
      expect([source.paused, near.received]).toEqual([true, heard]);
      await drain(source, out, near);
    },
  },
  {
    title: 'a writer that ignores a stalled reader is ended with "overflow": memory has a bound',
    needs: ['backPressure'],
    check: async lab => {
      const { near, far, out, back } = await lab.plain();
      back.pauseProducing();
      let written = 0;
      for (const chunk = new Uint8Array(1024 * 1024); near.lost === 0 && written < neverStopped;) {
        out.write(chunk);
        written += chunk.length;
        await turns(1);
      }
      expect((await near.ended()).kind).toBe(lab.endings.overflowed);
      expect(far.received).toBe(0);
      back.resumeProducing();
      await far.ended();
    },
  },
  {
    title: 'a close waits for a reader that is paused, and loses nothing',
    needs: ['backPressure', 'producers'],
    check: async (lab: Lab) => {
      const { near, far, back, out } = await lab.plain();
      const source = await produceUntilStuck(near, back, out, far);
      source.stopped = true;
      out.unregisterProducer();
      out.loseConnection();
      await turns(20);
      expect(near.lost).toBe(0);
      back.resumeProducing();
      await far.ended();
      expect(far.received).toBe(source.written);
    },
  },
];

type Transport = Recorder['transport'];

/** With `reader` paused, let `writer` produce until the medium takes no more; returns the source, paused. */
async function produceUntilStuck(
  writer: Recorder,
  readerEnd: Transport,
  writerEnd: Transport,
  reader: Recorder,
): Promise<PushSource> {
  readerEnd.pauseProducing();
  const source = new PushSource(writer, { limit: neverStopped });
  writerEnd.registerProducer(source, true);
  source.produce();
  let before = -1;
  while (source.written > before) {
    before = source.written;
    await probes(writer, readerEnd);
  }
  expect(source.written).toBeLessThan(neverStopped);
  expect(reader.received).toBe(0);
  return source;
}

/** Twenty bytes get through the other way meanwhile: the medium had its time, however slow it is. */
async function probes(hearer: Recorder, sender: Transport): Promise<void> {
  for (let probe = 0; probe < 20; probe += 1) {
    const heard = hearer.received;
    sender.write(bytes('p'));
    await hearer.until(() => hearer.received > heard);
    await turns(1);
  }
}

/** Let the reader go on; all that was written arrives. */
async function drain(source: PushSource, readerEnd: Transport, reader: Recorder): Promise<void> {
  source.stopped = true;
  readerEnd.resumeProducing();
  await reader.until(() => reader.received === source.written);
}
