/** What a stream transport does beyond the contract, and which streams it refuses. */
import { describe, expect, test } from '@jest/globals';
import { Duplex, PassThrough } from 'node:stream';
import { LocalMisuseError } from '../../transport/errors.ts';
import { fromDuplex } from '../../transport/stream.ts';
import { Recorder } from '../support/recorder.ts';

/** A stream that takes everything and from which nothing comes. */
const quiet = (options: { emitClose?: boolean; allowHalfOpen?: boolean } = {}): Duplex =>
  new Duplex({ ...options, read: () => undefined, write: (_chunk, _encoding, taken) => taken() });

describe('a stream that fails', () => {
  test('is lost with its error, even if it emits no close', async () => {
    const stream = quiet({ emitClose: false });
    const protocol = new Recorder();
    fromDuplex(stream, protocol);
    const error = new Error('the cable');
    stream.destroy(error);
    expect(await protocol.ended()).toEqual({ kind: 'lost', error });
  });

  test('is lost if it was destroyed by somebody else without an error', async () => {
    const stream = quiet();
    const protocol = new Recorder();
    fromDuplex(stream, protocol);
    stream.destroy();
    expect((await protocol.ended()).kind).toBe('lost');
  });

  test('before it was given to us is lost too, after makeConnection', async () => {
    const stream = quiet().on('error', () => undefined);
    stream.destroy(new Error('too early'));
    const protocol = new Recorder();
    fromDuplex(stream, protocol);
    expect((await protocol.ended()).kind).toBe('lost');
    expect(protocol.calls).toEqual(['makeConnection', 'connectionLost']);
  });

  test("after our close is nobody's business any more, and does not end the process", async () => {
    const stream = quiet();
    const protocol = new Recorder();
    fromDuplex(stream, protocol).loseConnection();
    expect(await protocol.ended()).toEqual({ kind: 'done' });
    stream.destroy(new Error('late'));
    await new Promise(resolve => stream.once('close', resolve));
    expect(protocol.lost).toBe(1);
  });
});

test('many chunks in one turn go to the stream in one writev', async () => {
  const calls: number[] = [];
  const stream = new Duplex({
    read: () => undefined,
    writev: (chunks, taken) => {
      calls.push(chunks.length);
      taken();
    },
  });
  const protocol = new Recorder();
  const transport = fromDuplex(stream, protocol);
  transport.writeSequence(['a', 'b', 'c'].map(text => Buffer.from(text)));
  transport.write(Buffer.from('d'));
  transport.loseConnection();
  await protocol.ended();
  expect(calls).toEqual([4]);
  stream.destroy();
});

test('a stream of objects or of text is refused: a transport moves bytes', () => {
  for (const stream of [new PassThrough({ objectMode: true }), new PassThrough().setEncoding('utf8')]) {
    expect(() => fromDuplex(stream, new Recorder())).toThrow(LocalMisuseError);
  }
});

test('allowHalfOpen is turned on, and addresses are as given or say that nobody knows', async () => {
  const stream = quiet({ allowHalfOpen: false });
  const peer = { kind: 'unix', path: '/run/app.sock' } as const;
  const protocol = new Recorder();
  const transport = fromDuplex(stream, protocol, { peer });
  expect(stream.allowHalfOpen).toBe(true);
  expect([transport.getPeer(), transport.getHost()]).toEqual([peer, { kind: 'pipe', name: 'stream' }]);
  transport.abortConnection();
  await protocol.ended();
  expect(stream.destroyed).toBe(true);
});
