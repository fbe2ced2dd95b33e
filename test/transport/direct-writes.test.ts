/** What the addon reads and writes at once, and when a socket is written to past its stream. Whole transports: contracts. */
import { closeSync, fstatSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from '@jest/globals';
import { DirectWrites } from '../../transport/direct-writes.ts';
import { has } from '../interop/missing.ts';
import { buildNativePrograms, compiler } from '../support/native-programs.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-'));
afterAll(() => rmSync(folder, { recursive: true }));

const open: Socket[] = [];
afterEach(() => open.splice(0).forEach(socket => socket.destroy()));

async function ends(): Promise<readonly [near: Socket, far: Socket]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [far] = (await once(server, 'connection')) as [Socket];
  server.close();
  open.push(near, far);
  return [near, far];
}

test('without the addon a socket is written to by its stream', async () => {
  const [near] = await ends();
  expect(DirectWrites.of(near)).toBeUndefined();
});

if (has(compiler)) {
  const writesOf = (socket: Socket): DirectWrites => {
    const writes = DirectWrites.of(socket, buildNativePrograms());
    if (!writes) throw new Error('the socket has no descriptor');
    return writes;
  };

  describe('a socket is written to past its stream', () => {
    test('several pieces in one write', async () => {
      const [near, far] = await ends();
      expect(writesOf(near).sendQueue([Buffer.from('on'), Buffer.from('ce')])).toEqual([]);
      const [data] = (await once(far, 'data')) as [Buffer];
      expect(data.toString()).toBe('once');
    });

    test.each([1, 3])('until it is full, and answers what is left of %d pieces', async count => {
      const [near, far] = await ends();
      const writes = writesOf(near);
      const piece = Buffer.from(Array.from({ length: 5000 }, (_, index) => index));
      const pieces = Array.from({ length: count }, () => piece);
      const bytes = count * piece.length;
      let [rest, sent] = [writes.sendQueue(pieces), 0];
      for (; rest.length === 0; rest = writes.sendQueue(pieces)) sent += bytes;
      const left = Buffer.concat(rest);
      expect(left.equals(Buffer.concat(pieces).subarray(bytes - left.length))).toBe(true);
      near.end(left);
      let heard = 0;
      for await (const data of far) heard += (data as Buffer).length;
      expect(heard).toBe(sent + bytes);
    });

    test('but never once it is destroyed, whoever gets its descriptor next', async () => {
      const [near] = await ends();
      const writes = writesOf(near);
      near.destroy();
      const files = Array.from({ length: 40 }, (_, index) => openSync(join(folder, `${index}`), 'w'));
      expect(writes.send(Buffer.from('secret'))).toBe(0);
      const secrets = [Buffer.from('more'), Buffer.from('secrets')];
      expect(writes.sendQueue(secrets)).toEqual(secrets);
      expect(new Set(files.map(fd => fstatSync(fd).size))).toEqual(new Set([0]));
      files.forEach(closeSync);
    });

    const unfit: Array<[what: string, does: (socket: Socket) => unknown]> = [
      ['something waits in it', socket => (socket.cork(), socket.write('first'))],
      ['it has been ended', socket => socket.end()],
    ];
    test.each(unfit)('unless %s', async (_what, does) => {
      const [near] = await ends();
      const writes = writesOf(near);
      does(near);
      expect(writes.send(Buffer.from('second'))).toBe(0);
      for (const chunks of [[Buffer.from('second')], [Buffer.from('sec'), Buffer.from('ond')]])
        expect(writes.sendQueue(chunks)).toEqual(chunks);
    });

    test('however long they are, and if one call does not take so many, by the stream', async () => {
      const [near, far] = await ends();
      const chunks = Array.from({ length: 20 }, (_, index) => Buffer.alloc(index < 2 ? 20_000 : 3, `${index}`));
      const rest = writesOf(near).sendQueue(chunks);
      expect(rest).toEqual(chunks.slice(16));
      rest.forEach(chunk => near.write(chunk));
      near.end();
      const heard: Buffer[] = [];
      for await (const data of far) heard.push(data as Buffer);
      expect(Buffer.concat(heard).equals(Buffer.concat(chunks))).toBe(true);
    });

    test('whose handle has gone has no such way', async () => {
      const [near] = await ends();
      near.destroy();
      expect(DirectWrites.of(near, buildNativePrograms())).toBeUndefined();
    });
  });

  describe('the addon', () => {
    const { readNow, writeNow, writePiecesNow } = buildNativePrograms();

    test('reads what there is, as far as the memory goes', () => {
      const file = join(folder, 'text');
      writeFileSync(file, 'abcdefgh');
      const fd = openSync(file, 'r');
      const memory = Buffer.alloc(5, '-');
      expect([readNow(fd, memory), memory.toString()]).toEqual([5, 'abcde']);
      expect([readNow(fd, memory), memory.toString()]).toEqual([3, 'fghde']);
      expect(readNow(fd, memory)).toBe(0);
      closeSync(fd);
    });

    test('writes what it is given, and no more of the memory', () => {
      const file = join(folder, 'written');
      const fd = openSync(file, 'w');
      expect(writeNow(fd, Buffer.from('abcdef').subarray(2, 4))).toBe(2);
      closeSync(fd);
      expect(readFileSync(file, 'utf8')).toBe('cd');
    });

    test('writes pieces by one call, up to what is none', () => {
      const file = join(folder, 'pieces');
      const fd = openSync(file, 'w');
      const [one, two, three] = ['one', 'two', 'three'].map(text => Buffer.from(text)) as [Buffer, Buffer, Buffer];
      expect(writePiecesNow(fd, [one, two])).toBe(6);
      expect(writePiecesNow(fd, [one, 'x' as unknown as Buffer, two])).toBe(3);
      expect(
        writePiecesNow(
          fd,
          Array.from({ length: 20 }, () => three),
        ),
      ).toBe(16 * 5);
      closeSync(fd);
      expect(readFileSync(file, 'utf8')).toBe(`onetwoone${'three'.repeat(16)}`);
    });

    test('answers nothing for what is no descriptor or no bytes', () => {
      expect([readNow(-1, Buffer.alloc(1)), writeNow(-1, Buffer.alloc(1))]).toEqual([0, 0]);
      const none = [] as unknown as Uint8Array;
      expect([readNow(0, none), writeNow(1, none)]).toEqual([0, 0]);
      expect(writePiecesNow(-1, [Buffer.alloc(1)])).toBe(0);
      const wrong = [[], [1], [1, []], [1, 'text'], [1, [[]]]] as unknown as Array<Parameters<typeof writePiecesNow>>;
      expect(wrong.map(given => writePiecesNow(...given))).toEqual([0, 0, 0, 0, 0]);
    });
  });
}
