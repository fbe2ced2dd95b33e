/** What Unix sockets do beyond the contract: owning a path, names, permissions, what Node cannot do. */
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { addressText } from '../../../transport/address.ts';
import { LocalMisuseError, UnsupportedError } from '../../../transport/errors.ts';
import { connectUnix, listenUnix, type IUNIXTransport } from '../../../transport/sockets/unix.ts';
import { closeAfterTest } from '../../support/cleanup.ts';
import { Recorder } from '../../support/recorder.ts';

let path: string;
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-'));
  closeAfterTest(() => rmSync(folder, { recursive: true }));
  path = join(folder, 'door');
});

const listen = (options: { path: string; mode?: number } = { path }) => listenUnix(options, () => new Recorder());

/** A socket whose process died without closing it. */
async function leaveBehind(): Promise<void> {
  const script = 'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';
  await once(spawn(process.execPath, ['-e', script, path]), 'exit');
  expect(existsSync(path)).toBe(true);
}

describe('the path', () => {
  test('can be connected to by its owner only, unless told otherwise', async () => {
    await using _ = await listen();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await using _other = await listen({ path: `${path}2`, mode: 0o666 });
    expect(statSync(`${path}2`).mode & 0o777).toBe(0o666);
  });

  test('is removed at the close, and so is every draft of it', async () => {
    const listener = await listen();
    await listener.close();
    await listener.close();
    expect(statSync(join(path, '..')).nlink).toBe(2);
    expect(existsSync(path)).toBe(false);
  });

  test('of a dead listener is taken over', async () => {
    await leaveBehind();
    await using _ = await listen();
    const transport = await connectUnix({ path });
    transport.abortConnection();
  });

  test('of a live listener is refused, and the live one goes on', async () => {
    await using _ = await listen();
    await expect(listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    const transport = await connectUnix({ path });
    transport.abortConnection();
  });

  test('of two that start together over a dead one, one gets it', async () => {
    await leaveBehind();
    const started = await Promise.allSettled([listen(), listen(), listen()]);
    expect(started.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    const transport = await connectUnix({ path });
    transport.abortConnection();
    for (const result of started) if (result.status === 'fulfilled') await result.value.close();
  });

  test('that is another kind of file is never removed', async () => {
    writeFileSync(path, 'precious');
    await expect(listen()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    expect(existsSync(path)).toBe(true);
  });

  test('that a successor has taken is left alone at the close', async () => {
    const first = await listen();
    rmSync(path);
    await using _ = await listen();
    await first.close();
    expect(existsSync(path)).toBe(true);
  });
});

describe('names', () => {
  test('an abstract one has no file, and ends with its listener', async () => {
    const name = `\0nacre-${process.pid}`;
    const listener = await listen({ path: name });
    const transport = await connectUnix({ path: name });
    expect(addressText(transport.getPeer())).toBe(`@nacre-${process.pid}`);
    transport.abortConnection();
    await listener.close();
    await expect(connectUnix({ path: name })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test.each([
    ['longer than the kernel takes', `/tmp/${'x'.repeat(103)}`],
    ['empty', ''],
    ['with a NUL inside', '/tmp/a\0b'],
  ])('one that is %s is a misuse, not cut short', async (_what, name) => {
    await expect(listen({ path: name })).rejects.toThrow(LocalMisuseError);
    await expect(connectUnix({ path: name })).rejects.toThrow(LocalMisuseError);
  });

  test('where nobody listens is a rejection with the system error', async () => {
    await expect(connectUnix({ path })).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

test('the ends know each other by path, during the connection and after it', async () => {
  const far = new Recorder();
  await using _ = await listenUnix({ path }, () => far);
  const near = new Recorder();
  const transport = await connectUnix({ path }, near);
  await far.until(() => far.transport !== undefined);
  transport.loseConnection();
  await Promise.all([near.ended(), far.ended()]);
  expect([transport.getPeer(), transport.getHost()]).toEqual([
    { kind: 'unix', path },
    { kind: 'unix', path: '' },
  ]);
  expect([far.transport.getPeer(), far.transport.getHost()]).toEqual([
    { kind: 'unix', path: '' },
    { kind: 'unix', path },
  ]);
});

test('a peer for whom no protocol is built is turned away', async () => {
  await using _ = await listenUnix({ path }, () => undefined);
  const near = new Recorder();
  await connectUnix({ path }, near);
  await near.ended();
});

test('credentials and descriptors are refused with a type, not pretended', async () => {
  await using server = await new Promise<ReturnType<typeof createServer>>(resolve => {
    const bare = createServer().listen(path, () => resolve(bare));
  });
  expect(server.listening).toBe(true);
  const transport: IUNIXTransport = await connectUnix({ path });
  expect(() => transport.getPeerCredentials()).toThrow(UnsupportedError);
  expect(() => transport.sendFileDescriptor(0)).toThrow(UnsupportedError);
  transport.abortConnection();
});
