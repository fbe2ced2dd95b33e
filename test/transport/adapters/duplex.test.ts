/** A connection as a Node stream: what Node's own tools see of it. */
import { createInterface } from 'node:readline/promises';
import { once } from 'node:events';
import { PassThrough, Readable, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { expect, test } from '@jest/globals';
import { toDuplex, TransportDuplex } from '../../../transport/adapters/duplex.ts';
import { done } from '../../../transport/close-reason.ts';
import { ConnectionLostError, LocalMisuseError } from '../../../transport/errors.ts';
import { loopback } from '../../../transport/memory/loopback.ts';
import { StringTransport } from '../../../transport/memory/string-transport.ts';
import { connectTcp, listenTcp } from '../../../transport/sockets/tcp.ts';
import { HalfCloseableRecorder, Recorder } from '../../support/recorder.ts';
import { turns } from '../../support/turns.ts';

function pair<Far extends Recorder>(far: Far) {
  const [connection] = loopback(undefined, far);
  return { stream: toDuplex(connection), connection, far };
}

const echo = (): Recorder => {
  const recorder: Recorder = new Recorder({ dataReceived: data => recorder.transport.write(new Uint8Array(data)) });
  return recorder;
};

test('pipeline through an echo gives back what went in', async () => {
  const { stream } = pair(echo());
  const sent = Buffer.alloc(3_000_000, 'round trip ');
  const received: Buffer[] = [];
  await pipeline(
    Readable.from([sent.subarray(0, 7), sent.subarray(7)]),
    stream,
    new Writable({ write: (chunk: Buffer, _, done) => (received.push(chunk), done()) }),
  );
  expect(Buffer.concat(received).equals(sent)).toBe(true);
});

test('two of them over TCP, one as the protocol of an accepted connection, carry a pipeline', async () => {
  const accepted = new TransportDuplex();
  await using listener = await listenTcp({ host: '127.0.0.1', port: 0 }, () => accepted);
  const stream = toDuplex(await connectTcp({ host: '127.0.0.1', port: listener.address.port }));
  const served = pipeline(accepted, accepted);
  stream.end('all of it');
  expect(Buffer.concat(await stream.toArray()).toString()).toBe('all of it');
  await Promise.all([served, stream.closed || once(stream, 'close')]);
});

test('what is written before there is a connection waits for it', async () => {
  const stream = new TransportDuplex();
  stream.write('early, ');
  stream.end('and the end');
  const far = new HalfCloseableRecorder();
  loopback(stream, far);
  await far.until(() => far.readLost === 1);
  expect(far.text).toBe('early, and the end');
  far.transport.loseConnection();
  await finished(stream.resume());
});

test('readline reads lines from it', async () => {
  const { stream, far } = pair(new Recorder());
  far.transport.write(Buffer.from('one\ntwo\n'));
  far.transport.loseConnection();
  const lines: string[] = [];
  for await (const line of createInterface({ input: stream })) lines.push(line);
  expect(lines).toEqual(['one', 'two']);
});

test('a slow reader stops the peer, a slow peer stops the writer', async () => {
  const { stream, far } = pair(new Recorder());
  far.transport.pauseProducing();
  let written = 0;
  while (stream.write(Buffer.alloc(16_384)) && written < 10_000_000) written += 16_384;
  expect(written).toBeLessThan(200_000);
  let drained = false;
  stream.once('drain', () => (drained = true));
  await turns(20);
  expect(drained).toBe(false);
  far.transport.resumeProducing();
  await once(stream, 'drain');
  stream.destroy();
});

test('an abort at the other end is an error with the reason, and pipeline and finished report it', async () => {
  const { stream, far } = pair(new Recorder());
  const piped = pipeline(stream, new PassThrough().resume());
  far.transport.abortConnection();
  await expect(piped).rejects.toThrow(ConnectionLostError);
  await expect(finished(stream)).rejects.toMatchObject({ reason: { kind: 'lost' } });
});

test('destroy aborts, with or without an error, and close comes once, after the connection has ended', async () => {
  for (const error of [undefined, new Error('mine')]) {
    const { stream, far } = pair(new Recorder());
    let closed = 0;
    stream.on('close', () => (closed += 1)).on('error', seen => expect(seen).toBe(error));
    stream.destroy(error);
    expect((await far.ended()).kind).toBe('lost');
    await turns(5);
    expect(closed).toBe(1);
  }
});

test('a stream destroyed before there was a connection refuses the one that comes', async () => {
  const stream = new TransportDuplex();
  stream.destroy();
  await once(stream, 'close');
  const far = new Recorder();
  loopback(stream, far);
  expect((await far.ended()).kind).toBe('lost');
});

test("when both directions have ended the connection is closed; the peer's EOF alone leaves ours open", async () => {
  const { stream, far } = pair(new HalfCloseableRecorder());
  far.transport.loseWriteConnection();
  await once(stream.resume(), 'end');
  expect(stream.writable).toBe(true);
  stream.end('last words');
  expect(await far.ended()).toEqual({ kind: 'done' });
  expect(far.text).toBe('last words');
});

test('without allowHalfOpen, their EOF ends ours', async () => {
  const far = new HalfCloseableRecorder();
  const [connection] = loopback(undefined, far);
  toDuplex(connection, { allowHalfOpen: false }).resume();
  far.transport.loseWriteConnection();
  expect(await far.ended()).toEqual({ kind: 'done' });
});

test('what is written when the peer has closed is an error, not a loss without a word', async () => {
  const { stream, far } = pair(new Recorder());
  far.transport.pauseProducing();
  const written = new Promise(resolve => stream.write(Buffer.alloc(1_000_000), resolve));
  stream.on('error', () => undefined);
  far.transport.abortConnection();
  expect(await written).toBeInstanceOf(ConnectionLostError);
});

test('a write under way when the peer ends in order fails once what the peer said before has been read', async () => {
  const stream = new TransportDuplex().on('error', () => undefined);
  stream.makeConnection(new StringTransport());
  stream.pauseProducing();
  const written = new Promise(resolve => stream.write('no room for this', resolve));
  stream.dataReceived(Buffer.from('last words'));
  stream.connectionLost(done);
  await turns(5);
  const heard: Buffer[] = [];
  stream.on('data', (data: Buffer) => heard.push(data));
  expect(await written).toBeInstanceOf(ConnectionLostError);
  expect(Buffer.concat(heard).toString()).toBe('last words');
});

test('a connection that has a protocol cannot become a stream', () => {
  const [connection] = loopback(new Recorder());
  expect(() => toDuplex(connection)).toThrow(LocalMisuseError);
});
