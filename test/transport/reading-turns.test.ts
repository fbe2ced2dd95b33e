/** That those who say much are not all read in each turn of the event loop. Counted in turns, not in time. */
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { ReadingTurns, type TurnTaker } from '../../transport/reading-turns.ts';
import { listenTcp } from '../../transport/sockets/tcp.ts';
import { turns as go } from '../support/turns.ts';

const MUCH = 64 * 1024;
const LITTLE = 100;

class Reader implements TurnTaker {
  destroyed = false;
  paused = false;
  resumed = 0;
  isPaused(): boolean {
    return this.paused;
  }
  resume(): never {
    this.resumed += 1;
    return undefined as never;
  }
}

const readers = (count: number): Reader[] => Array.from({ length: count }, () => new Reader());
const resumed = (all: readonly Reader[]): string => all.map(({ resumed }) => resumed).join('');

test('who is alone in saying much reads on and on', () => {
  const turns = new ReadingTurns();
  const [reader] = readers(1) as [Reader];
  expect([1, 2, 3].map(() => turns.mayReadOn(reader, MUCH))).toEqual([true, true, true]);
});

test('of several, one is resumed in each turn, in the order in which they came', async () => {
  const turns = new ReadingTurns();
  const [first, ...others] = readers(4) as [Reader, Reader, Reader, Reader];
  expect([first, ...others].map(reader => turns.mayReadOn(reader, MUCH))).toEqual([true, false, false, false]);
  for (const sofar of ['100', '110', '111', '111']) {
    await go(1);
    expect(resumed(others)).toBe(sofar);
  }
});

test('who had a turn waits behind the others for the next', async () => {
  const turns = new ReadingTurns();
  const all = readers(3);
  for (const reader of all) turns.mayReadOn(reader, MUCH);
  await go(1);
  expect(all.slice(0, 2).map(reader => turns.mayReadOn(reader, MUCH))).toEqual([false, false]);
  for (const sofar of ['011', '111', '121', '121']) {
    await go(1);
    expect(resumed(all)).toBe(sofar);
  }
});

test('several who had less are resumed together', async () => {
  const turns = new ReadingTurns();
  const [first, ...others] = readers(5) as [Reader, Reader, Reader, Reader, Reader];
  turns.mayReadOn(first, MUCH);
  others.forEach((reader, index) => turns.mayReadOn(reader, index === 3 ? MUCH : MUCH / 2));
  for (const sofar of ['1100', '1110', '1111']) {
    await go(1);
    expect(resumed(others)).toBe(sofar);
  }
});

test('who says little never waits', () => {
  const turns = new ReadingTurns();
  const [quiet, ...loud] = readers(3) as [Reader, Reader, Reader];
  for (const reader of loud) turns.mayReadOn(reader, MUCH);
  expect(turns.mayReadOn(quiet, LITTLE)).toBe(true);
});

test('whoever was paused, or is gone, when the turn comes is not resumed, and the next turn is the next one’s', async () => {
  const turns = new ReadingTurns();
  const all = readers(4) as [Reader, Reader, Reader, Reader];
  for (const reader of all) turns.mayReadOn(reader, MUCH);
  all[1].paused = true;
  all[2].destroyed = true;
  await go(3);
  expect(resumed(all)).toBe('0001');
});

test('whose listener has paused it does not take a turn', () => {
  const turns = new ReadingTurns();
  const [first, second] = readers(2) as [Reader, Reader];
  turns.mayReadOn(first, MUCH);
  second.paused = true;
  expect(turns.mayReadOn(second, MUCH)).toBe(true);
});

const open: AsyncDisposable[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  sockets.splice(0).forEach(socket => socket.destroy());
  for (const one of open.splice(0)) await one[Symbol.asyncDispose]();
});

test('four connections that flood a server are not read in the same turns, and all of each arrives', async () => {
  const size = 2 * 1024 * 1024;
  const [floods, state] = [4, { turn: 0, bytes: 0 }];
  const readsOfTurns = new Map<number, number>();
  let done: () => void = () => undefined;
  const all = new Promise<void>(resolve => (done = resolve));
  const received = ({ length }: Uint8Array): void => {
    if (length >= 4096) readsOfTurns.set(state.turn, (readsOfTurns.get(state.turn) ?? 0) + 1);
    state.bytes += length;
    if (state.bytes === floods * size) done();
  };
  const listener = await listenTcp({ host: '127.0.0.1', port: 0 }, () => ({
    makeConnection: () => undefined,
    dataReceived: received,
    connectionLost: () => undefined,
  }));
  open.push(listener);
  const counter = { on: true };
  const count = (): void => {
    state.turn += 1;
    if (counter.on) setImmediate(count);
  };
  count();
  for (let flood = 0; flood < floods; flood += 1) {
    const socket = connect(listener.address.port ?? 0, '127.0.0.1');
    socket.write(Buffer.alloc(size));
    sockets.push(socket);
  }
  await all;
  counter.on = false;
  const reads = [...readsOfTurns.values()].reduce((sum, one) => sum + one, 0);
  expect(reads / readsOfTurns.size).toBeLessThan(2);
});
