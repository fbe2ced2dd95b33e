/** Two transports joined: pressure, half-close and every ending pass through. */
import { describe, expect, test } from '@jest/globals';
import type { CloseReason } from '../../transport/close-reason.ts';
import { loopback } from '../../transport/memory/loopback.ts';
import { relay } from '../../transport/relay.ts';
import { StringTransport } from '../../transport/memory/string-transport.ts';
import { connectTcp, listenTcp } from '../../transport/sockets/tcp.ts';
import { HalfCloseableRecorder, Recorder } from '../support/recorder.ts';
import { PushSource } from '../support/sources.ts';
import { turns } from '../support/turns.ts';

describe('a relay whose second side does not exist yet', () => {
  test('leaves the bytes with the sender, and passes them on once it does', async () => {
    const [left, right] = relay();
    const near = new Recorder();
    loopback(near, left);
    const source = new PushSource(near, { limit: 64 * 1024 * 1024 });
    near.transport.registerProducer(source, true);
    source.produce();
    await turns(20);
    expect(source.paused).toBe(true);
    expect(source.written).toBeLessThan(100_000);
    source.stopped = true;
    near.transport.unregisterProducer();

    const far = new Recorder();
    loopback(right, far);
    await far.until(() => far.received === source.written);
  });

  test('keeps words and goodbye of a sender that has closed already', async () => {
    const [left, right] = relay();
    const near = new Recorder();
    loopback(near, left);
    near.transport.write(Buffer.from('hello and goodbye'));
    near.transport.loseConnection();
    await turns(10);
    const far = new Recorder();
    loopback(right, far);
    expect(await far.ended()).toEqual({ kind: 'done' });
    expect(far.text).toBe('hello and goodbye');
  });

  test('cuts it when it comes, if the first was cut meanwhile', async () => {
    const [left, right] = relay();
    const near = new Recorder();
    loopback(near, left);
    near.transport.abortConnection();
    await near.ended();
    await turns(5);
    const far = new Recorder();
    loopback(right, far);
    expect((await far.ended()).kind).toBe('lost');
  });
});

test('two EOFs through a relay end both connections, behind all that was said', async () => {
  const [left, right] = relay();
  const near = new HalfCloseableRecorder();
  const far = new HalfCloseableRecorder();
  loopback(near, left);
  loopback(right, far);
  near.transport.write(Buffer.from('question'));
  near.transport.loseWriteConnection();
  await far.until(() => far.readLost === 1);
  far.transport.write(Buffer.from('answer'));
  far.transport.loseWriteConnection();
  expect(await near.ended()).toEqual({ kind: 'done' });
  expect(await far.ended()).toEqual({ kind: 'done' });
  expect([near.text, far.text]).toEqual(['answer', 'question']);
});

test('a relay takes what it joins off both transports again when one ends', () => {
  const [left, right] = relay();
  const ends = [new StringTransport(), new StringTransport()] as const;
  ends[0].start(left);
  ends[1].start(right);
  expect([ends[0].producer, ends[1].producer]).toEqual([ends[1], ends[0]]);
  ends[0].lose();
  expect(ends[1].producer).toBeUndefined();
  expect([ends[1].disconnecting, ends[1].aborted]).toEqual([true, false]);
});

test('a relay joins different media: a loopback and TCP carry eight megabytes to a reader that stops now and then', async () => {
  const [left, right] = relay();
  const far = new Recorder({
    dataReceived: () => {
      far.transport.pauseProducing();
      setImmediate(() => far.transport.resumeProducing());
    },
  });
  await using listener = await listenTcp({ host: '127.0.0.1', port: 0 }, () => far);
  const near = new Recorder();
  loopback(near, left);
  const source = new PushSource(near, { chunk: 65_536, limit: 8 * 1024 * 1024 });
  near.transport.registerProducer(source, true);
  source.produce();
  await connectTcp({ host: '127.0.0.1', port: listener.address.port }, right);
  await far.until(() => far.received === 8 * 1024 * 1024);
  near.transport.unregisterProducer();
  near.transport.loseConnection();
  expect(await far.ended()).toEqual({ kind: 'done' });
});

describe('how one connection ends decides how the other does', () => {
  const error = new Error('a fault');
  const endings: Array<[reason: CloseReason, aborts: boolean]> = [
    [{ kind: 'done' }, false],
    [{ kind: 'exited', code: 0, signal: null, coreDumped: false }, false],
    [{ kind: 'lost', error }, true],
    [{ kind: 'aborted' }, true],
    [{ kind: 'overflow', limit: 1 }, true],
    [{ kind: 'protocol-error', error }, true],
  ];
  for (const [reason, aborts] of endings) {
    test(`${reason.kind} ${aborts ? 'cuts the other: a cut stream must not pass for a whole one' : 'closes the other'}`, () => {
      const [left, right] = relay();
      const ends = [new StringTransport(), new StringTransport()] as const;
      ends[0].start(left);
      ends[1].start(right);
      ends[0].lose(reason);
      expect([ends[1].disconnecting, ends[1].aborted]).toEqual([true, aborts]);
    });
  }
});
