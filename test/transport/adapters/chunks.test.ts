/** Iterating a connection: what a loop hears, what it holds back, and how it ends. */
import { expect, test } from '@jest/globals';
import { ConnectionLostError, LocalMisuseError } from '../../../transport/errors.ts';
import { loopback } from '../../../transport/memory/loopback.ts';
import { HalfCloseableRecorder, Recorder } from '../../support/recorder.ts';
import { PushSource } from '../../support/sources.ts';
import { turns } from '../../support/turns.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);

/** A connection to iterate, and the protocol at its other end. */
function pair(far = new Recorder()) {
  const [connection] = loopback(undefined, far);
  return { connection, far };
}

test('the loop ends at EOF, and our own direction is still open', async () => {
  const { connection, far } = pair(new HalfCloseableRecorder());
  far.transport.write(bytes('question'));
  far.transport.loseWriteConnection();
  let heard = '';
  for await (const chunk of connection) heard += Buffer.from(chunk).toString();
  expect(heard).toBe('question');
  connection.write(bytes('answer'));
  await connection[Symbol.asyncDispose]();
  await far.until(() => far.text === 'answer');
});

test('an end that is not in order is thrown, with the reason, behind what had arrived', async () => {
  const { connection, far } = pair();
  const iterator = connection[Symbol.asyncIterator]();
  far.transport.write(bytes('first'));
  expect(await iterator.next()).toEqual({ done: false, value: bytes('first') });
  const next = iterator.next();
  far.transport.abortConnection();
  await expect(next).rejects.toThrow(ConnectionLostError);
  await expect(next).rejects.toMatchObject({ code: 'ERR_CONNECTION_LOST', reason: { kind: 'lost' } });
  expect(await iterator.next()).toEqual({ done: true, value: undefined });
});

test('an end that came before anybody asked is told to who asks', async () => {
  const { connection, far } = pair();
  far.transport.abortConnection();
  await turns(5);
  await expect(connection[Symbol.asyncIterator]().next()).rejects.toThrow(ConnectionLostError);
});

test('leaving the loop closes the connection behind what was written', async () => {
  const { connection, far } = pair();
  far.transport.write(bytes('one'));
  for await (const _ of connection) {
    connection.write(bytes('thanks'));
    break;
  }
  expect(await far.ended()).toEqual({ kind: 'done' });
  expect(far.text).toBe('thanks');
});

test('throwing inside the loop closes it too', async () => {
  const { connection, far } = pair();
  far.transport.write(bytes('one'));
  const loop = async (): Promise<void> => {
    for await (const _ of connection) throw new Error('mine');
  };
  await expect(loop()).rejects.toThrow('mine');
  expect(await far.ended()).toEqual({ kind: 'done' });
});

test('several questions at once are answered in order, and those left over when it ends are told so', async () => {
  const { connection, far } = pair();
  const iterator = connection[Symbol.asyncIterator]();
  const answers = Promise.all([iterator.next(), iterator.next(), iterator.next()]);
  far.transport.write(bytes('a'));
  await turns(3);
  far.transport.write(bytes('b'));
  far.transport.loseConnection();
  const texts = (await answers).map(({ value }) => value && Buffer.from(value).toString());
  expect(texts).toEqual(['a', 'b', undefined]);
});

test('a slow loop stops the peer', async () => {
  const { connection, far } = pair();
  const source = new PushSource(far, { limit: 4_000_000 });
  far.transport.registerProducer(source, true);
  source.produce();
  const iterator = connection[Symbol.asyncIterator]();
  await iterator.next();
  await turns(50);
  expect(source.written).toBeLessThan(500_000);
  source.stopped = true;
  connection.abortConnection();
});

test('a connection that has a protocol cannot be iterated, nor one be iterated twice', () => {
  const [connection] = loopback(new Recorder());
  expect(() => connection[Symbol.asyncIterator]()).toThrow(LocalMisuseError);
  const [other] = loopback();
  other[Symbol.asyncIterator]();
  expect(() => other[Symbol.asyncIterator]()).toThrow(LocalMisuseError);
});
