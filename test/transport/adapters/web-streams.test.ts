/** Connections and Web Streams, both ways. */
import { ReadableStream, WritableStream } from 'node:stream/web';
import { expect, test } from '@jest/globals';
import { fromWebStreams } from '../../../transport/adapters/from-web-streams.ts';
import { toWebStreams } from '../../../transport/adapters/web-streams.ts';
import { ConnectionLostError } from '../../../transport/errors.ts';
import { loopback } from '../../../transport/memory/loopback.ts';
import { HalfCloseableRecorder, Recorder } from '../../support/recorder.ts';
import { PushSource } from '../../support/sources.ts';
import { turns } from '../../support/turns.ts';

function pair<Far extends Recorder>(far: Far) {
  const [connection] = loopback(undefined, far);
  return { ...toWebStreams(connection), far };
}

test('pipeTo carries a connection into another, EOF included', async () => {
  const source = new HalfCloseableRecorder();
  const target = new HalfCloseableRecorder();
  const done = pair(source).readable.pipeTo(pair(target).writable);
  source.transport.write(Buffer.alloc(1_000_000, 'x'));
  source.transport.loseWriteConnection();
  await done;
  expect([target.received, target.readLost]).toEqual([1_000_000, 1]);
});

test('when both directions have ended the connection is closed', async () => {
  const { readable, writable, far } = pair(new HalfCloseableRecorder());
  await writable.getWriter().close();
  far.transport.loseWriteConnection();
  expect(await readable.getReader().read()).toEqual({ done: true, value: undefined });
  expect(await far.ended()).toEqual({ kind: 'done' });
});

test('a writer waits for a peer that is paused, and a reader that does not read stops the peer', async () => {
  const { readable, writable, far } = pair(new Recorder());
  far.transport.pauseProducing();
  const writer = writable.getWriter();
  let written = false;
  void writer.write(new Uint8Array(1_000_000)).then(() => (written = true));
  await turns(20);
  expect(written).toBe(false);
  far.transport.resumeProducing();
  await writer.ready;
  const source = new PushSource(far, { limit: 8_000_000 });
  far.transport.registerProducer(source, true);
  source.produce();
  await turns(50);
  expect(source.written).toBeLessThan(500_000);
  source.stopped = true;
  await readable.cancel();
  await writer.abort();
});

test('an end that is not in order errors both streams, with the reason', async () => {
  const { readable, writable, far } = pair(new Recorder());
  const writer = writable.getWriter();
  far.transport.abortConnection();
  await expect(readable.getReader().read()).rejects.toThrow(ConnectionLostError);
  await expect(writer.closed).rejects.toMatchObject({ reason: { kind: 'lost' } });
});

test('aborting the writable aborts the connection; cancelling the readable alone throws its input away', async () => {
  const { readable, writable, far } = pair(new Recorder());
  await readable.cancel();
  far.transport.write(new Uint8Array(10_000_000));
  const writer = writable.getWriter();
  await writer.write(Buffer.from('still here'));
  await far.until(() => far.text === 'still here');
  await writer.abort();
  expect((await far.ended()).kind).toBe('lost');
});

test('a stream that fails ends the connection with its error', async () => {
  const error = new Error('the source is dry');
  const recorder = new Recorder();
  fromWebStreams(
    { readable: new ReadableStream({ pull: c => c.error(error) }), writable: new WritableStream() },
    recorder,
  );
  expect(await recorder.ended()).toEqual({ kind: 'lost', error });
});

test('a stream of something else than bytes ends the connection', async () => {
  const recorder = new Recorder();
  const readable = new ReadableStream<Uint8Array>({ start: c => c.enqueue('text' as never) });
  fromWebStreams({ readable, writable: new WritableStream() }, recorder);
  expect((await recorder.ended()).kind).toBe('lost');
});
