/** Files as write-only connections: everything arrives, and what cannot is told. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { LocalMisuseError } from '../../../transport/errors.ts';
import { fromWritable, openFile } from '../../../transport/files/file.ts';
import { closeAfterTest } from '../../support/cleanup.ts';
import { Recorder } from '../../support/recorder.ts';
import { PushSource } from '../../support/sources.ts';
import { turns } from '../../support/turns.ts';

let path: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-'));
  closeAfterTest(() => rmSync(folder, { recursive: true }));
  path = join(folder, 'log');
});

describe('a file', () => {
  test('has everything in it when the connection has ended, and is its owner’s alone', async () => {
    const sent = Buffer.alloc(3_000_000, 'nothing lost ');
    await using file = await openFile({ path });
    file.writeSequence([sent.subarray(0, 1_000_000), sent.subarray(1_000_000)]);
    await file[Symbol.asyncDispose]();
    expect(readFileSync(path).equals(sent)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('is appended to on request, and is not replaced without one', async () => {
    writeFileSync(path, 'old, ');
    await expect(openFile({ path })).rejects.toMatchObject({ code: 'EEXIST' });
    const file = await openFile({ path, flags: 'a' });
    file.write(Buffer.from('new'));
    await file[Symbol.asyncDispose]();
    expect(readFileSync(path, 'utf8')).toBe('old, new');
  });

  test('that is full ends the connection with the error', async () => {
    const recorder = new Recorder();
    const file = await openFile({ path: '/dev/full', flags: 'w' }, recorder);
    file.write(Buffer.from('no room'));
    expect(await recorder.ended()).toMatchObject({ kind: 'lost', error: { code: 'ENOSPC' } });
    expect(file.getPeer()).toEqual({ kind: 'pipe', name: '/dev/full' });
  });

  test('that cannot be opened is a rejection', async () => {
    await expect(openFile({ path: join(path, 'below') })).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('a Writable', () => {
  test('that is slow pauses the producer, and gets everything in the end', async () => {
    const takes: Array<() => void> = [];
    let taken = 0;
    const slow = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        taken += chunk.length;
        takes.push(done);
      },
    });
    const recorder = new Recorder();
    fromWritable(slow, recorder);
    const source = new PushSource(recorder, { limit: 1_000_000 });
    recorder.transport.registerProducer(source, true);
    source.produce();
    await turns(10);
    expect([source.paused, source.written < 200_000]).toEqual([true, true]);
    while (source.written < 1_000_000 || takes.length > 0) {
      takes.shift()?.();
      await turns(1);
    }
    recorder.transport.unregisterProducer();
    recorder.transport.loseConnection();
    await recorder.ended();
    expect(taken).toBe(source.written);
  });

  test('of objects is a misuse', () => {
    expect(() => fromWritable(new Writable({ objectMode: true }))).toThrow(LocalMisuseError);
  });
});
