/** Workers: what they pass, how they end, and what they leave behind. */
import { fileURLToPath } from 'node:url';
import { MessageChannel, Worker } from 'node:worker_threads';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { spawnWorker } from '../../../transport/worker/child-worker.ts';
import { fromMessagePort } from '../../../transport/worker/message-port.ts';
import { build } from '../../interop/build.ts';
import { Recorder } from '../../support/recorder.ts';

const file = fileURLToPath(new URL('../../support/worker-child.js', import.meta.url));
const sent = Buffer.alloc(2_000_000, 'round trip ');

beforeAll(() => build(), 120_000);

describe('a worker process', () => {
  test('gives back what it was given, and tells how it ended', async () => {
    const worker = spawnWorker({ file });
    worker.write(sent);
    worker.loseWriteConnection();
    const back: Uint8Array[] = [];
    for await (const chunk of worker) back.push(chunk);
    expect(Buffer.concat(back).equals(sent)).toBe(true);
    worker.loseConnection();
    expect(await worker.exited).toEqual({ code: 0, signal: null, coreDumped: false });
  });

  test('ends when its parent closes, and is killed by an abort', async () => {
    const closed = spawnWorker({ file }, new Recorder());
    closed.loseConnection();
    expect(await closed.exited).toMatchObject({ code: 0 });
    const aborted = spawnWorker({ file }, new Recorder());
    aborted.abortConnection();
    expect(await aborted.exited).toMatchObject({ signal: 'SIGKILL' });
  });

  test('that dies ends its connection', async () => {
    const recorder = new Recorder();
    const worker = spawnWorker(
      { file, args: ['/nowhere/at/all'], environment: { NODE_OPTIONS: '--no-warnings' } },
      recorder,
    );
    process.kill(worker.pid, 'SIGKILL');
    await recorder.ended();
    expect(await worker.exited).toMatchObject({ signal: 'SIGKILL' });
  });
});

describe('a message port', () => {
  test('to a thread gives back what it was given, and an orderly end lets the thread finish', async () => {
    const thread = new Worker(file);
    const connection = fromMessagePort(thread);
    connection.write(sent);
    connection.loseWriteConnection();
    const back: Uint8Array[] = [];
    for await (const chunk of connection) back.push(chunk);
    expect(Buffer.concat(back).equals(sent)).toBe(true);
    await thread.terminate();
  });

  test('a thread that ends without a word is lost', async () => {
    const thread = new Worker('setTimeout(() => process.exit(3), 10)', { eval: true });
    const recorder = new Recorder();
    fromMessagePort(thread, recorder);
    expect(await recorder.ended()).toMatchObject({ kind: 'lost', error: { message: 'the worker ended with code 3' } });
  });

  test.each(['text', 7, null, { kind: 'data' }, new Uint8Array(0)])(
    'a message that is no frame (%p) is a breach',
    async message => {
      const { port1, port2 } = new MessageChannel();
      const recorder = new Recorder();
      fromMessagePort(port1, recorder);
      port2.postMessage(message);
      expect((await recorder.ended()).kind).toBe('protocol-error');
      port2.close();
    },
  );

  test('a port that is closed at the other end without a word is lost', async () => {
    const { port1, port2 } = new MessageChannel();
    const recorder = new Recorder();
    fromMessagePort(port1, recorder);
    port2.close();
    expect((await recorder.ended()).kind).toBe('lost');
  });
});
