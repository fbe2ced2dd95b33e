/** Descriptors of each kind as connections. */
import { closeSync, fstatSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { LocalMisuseError, UnsupportedError } from '../../../transport/errors.ts';
import { fromDescriptors } from '../../../transport/files/file-descriptor.ts';
import { closeAfterTest } from '../../support/cleanup.ts';
import { Recorder } from '../../support/recorder.ts';
import { turns } from '../../support/turns.ts';

function temporaryFile(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-'));
  closeAfterTest(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'f'), text);
  return join(folder, 'f');
}

/** Its number may be another file's by then: other tests run in this process. */
const isOpenOn = (path: string, fd: number): boolean => {
  try {
    const [open, named] = [fstatSync(fd), statSync(path)];
    return open.ino === named.ino && open.dev === named.dev;
  } catch {
    return false;
  }
};

/** Node closes files on a thread, so behind the end; the test's timeout bounds the wait. */
async function untilClosed(path: string, fd: number): Promise<void> {
  while (isOpenOn(path, fd)) await turns(1);
}

test('a regular file is read to its end, and its descriptor closed', async () => {
  const path = temporaryFile('all of it');
  const fd = openSync(path, 'r');
  const recorder = new Recorder();
  fromDescriptors({ read: fd }, recorder);
  expect(await recorder.ended()).toEqual({ kind: 'done' });
  expect(recorder.text).toBe('all of it');
  await untilClosed(path, fd);
});

test('a device can be read for as long as somebody wants to', async () => {
  const recorder = new Recorder();
  fromDescriptors({ read: openSync('/dev/zero', 'r') }, recorder);
  await recorder.until(() => recorder.received > 1_000_000);
  recorder.transport.abortConnection();
  expect(await recorder.ended()).toEqual({ kind: 'aborted' });
});

test('writing where there is no output ends the connection, not the process', async () => {
  const recorder = new Recorder();
  fromDescriptors({ read: openSync('/dev/zero', 'r') }, recorder);
  recorder.transport.write(Buffer.from('where to?'));
  expect((await recorder.ended()).kind).toBe('lost');
});

test('a full device ends the connection with its error', async () => {
  const recorder = new Recorder();
  fromDescriptors({ write: openSync('/dev/full', 'w') }, recorder);
  recorder.transport.write(Buffer.from('no room'));
  expect(await recorder.ended()).toMatchObject({ kind: 'lost', error: { code: 'ENOSPC' } });
});

test('addresses say which descriptors, or what one is told', async () => {
  const fd = openSync('/dev/null', 'r');
  const transport = fromDescriptors({ read: fd }, new Recorder(), { peer: { kind: 'memory', name: 'a friend' } });
  expect(transport.getPeer()).toEqual({ kind: 'memory', name: 'a friend' });
  expect(transport.getHost()).toEqual({ kind: 'pipe', name: `descriptors ${fd} and none` });
  transport.abortConnection();
});

test('a directory is unsupported, one that is closed the system’s error, none at all a misuse', () => {
  const folder = openSync('/', 'r');
  expect(() => fromDescriptors({ read: folder })).toThrow(UnsupportedError);
  closeSync(folder);
  expect(() => fromDescriptors({ read: folder })).toThrow(expect.objectContaining({ code: 'EBADF' }));
  expect(() => fromDescriptors({})).toThrow(LocalMisuseError);
});
