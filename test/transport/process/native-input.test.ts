/** The pipe to a program that the addon has started: what it takes at once, and how large it becomes. */
import { closeSync, openSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { NativeInput } from '../../../transport/process/native-input.ts';
import type { NativePrograms } from '../../../transport/process/native-programs.ts';
import { spawnByAddon } from '../../../transport/process/native-spawn.ts';
import { PipeRoom } from '../../../transport/process/pipe-room.ts';
import { has } from '../../interop/missing.ts';
import { buildNativePrograms, compiler } from '../../support/native-programs.ts';
import { program } from '../../support/programs.ts';

const USUAL = 64 * 1024;
const LARGE = 256 * 1024;

interface Sleeper {
  readonly input: NativeInput;
  /** How much of `bytes` was taken. */
  readonly write: (bytes: number) => number;
}

/** While `use` runs, a program that reads nothing. */
async function withSleeper(use: (sleeper: Sleeper) => void, changed: Partial<NativePrograms> = {}): Promise<void> {
  const { pid, ends, onExit } = spawnByAddon(buildNativePrograms(), program('/bin/sleep', ['1000']));
  const ended = new Promise<void>(resolve => onExit(() => resolve()));
  const [stdin, ...outputs] = ends;
  outputs.forEach(fd => closeSync(fd));
  const input = new NativeInput(stdin, { ...buildNativePrograms(), ...changed });
  try {
    use({ input, write: bytes => input.sendNow(Buffer.alloc(bytes, 'x')) });
  } finally {
    input.close();
    process.kill(pid, 'SIGKILL');
    await ended;
  }
}

if (has(compiler)) {
  describe('the pipe to a program that reads nothing', () => {
    test('takes what fits, becomes larger once it is full, and then takes no more', () =>
      withSleeper(({ write }) => {
        const sizes = [1, USUAL - 1, LARGE, 1, 0];
        expect(sizes.map(write)).toEqual([1, USUAL - 1, LARGE - USUAL, 0, 0]);
      }));

    test('stays as it is where the system refuses, who is asked once', async () => {
      const asked: number[] = [];
      const growPipe = (_fd: number, bytes: number): number => asked.push(bytes);
      await withSleeper(({ write }) => expect([LARGE, 1].map(write)).toEqual([USUAL, 0]), { growPipe });
      expect(asked).toEqual([LARGE]);
    });

    test('gives its room to others when it is closed', async () => {
      let asked = 0;
      const growPipe = (): number => ((asked += 1), 0);
      for (let pipe = 1; pipe <= 65; pipe += 1) await withSleeper(({ write }) => void write(LARGE), { growPipe });
      expect(asked).toBe(65);
    });

    test('takes nothing once it is closed, when its number is somebody else’s', () =>
      withSleeper(({ input, write }) => {
        input.close();
        const others = Array.from({ length: 8 }, () => openSync('/dev/null', 'w'));
        expect(write(1)).toBe(0);
        others.forEach(fd => closeSync(fd));
      }));
  });

  test('what is no pipe, and what are no bytes, take nothing', () => {
    const { writeNow, growPipe } = buildNativePrograms();
    const EBADF = 9;
    expect([writeNow(-1, Buffer.from('x')), growPipe(-1, LARGE)]).toEqual([0, EBADF]);
    const wrong = [[], [0], [0, 'text'], [0, new Int32Array(1)]] as unknown as Array<Parameters<typeof writeNow>>;
    expect(wrong.map(given => writeNow(...given))).toEqual([0, 0, 0, 0]);
  });
}

describe('room in pipes', () => {
  const grows = { growPipe: () => 0 };

  test('is there for so many, and comes back when one is closed, once', () => {
    const rooms = Array.from({ length: 70 }, (_, fd) => new PipeRoom(fd, grows));
    expect(rooms.filter(room => room.full())).toEqual(rooms.slice(0, 64));
    const [first, second] = rooms;
    first?.closed();
    first?.closed();
    expect(rooms.filter(room => room.full())).toEqual(rooms.slice(64, 65));
    second?.closed();
    for (const room of rooms.slice(2)) room.closed();
    const others = Array.from({ length: 70 }, (_, fd) => new PipeRoom(fd, grows));
    expect(others.filter(room => room.full()).length).toBe(64);
    for (const room of others) room.closed();
  });

  test('is asked for once, and not where the pipe has been closed', () => {
    const room = new PipeRoom(0, grows);
    expect([room.full(), room.full()]).toEqual([true, false]);
    room.closed();
    expect(room.full()).toBe(false);
    const closed = new PipeRoom(0, grows);
    closed.closed();
    expect(closed.full()).toBe(false);
  });
});
