/** Waiting for a screen to show something: in order, with a deadline, and with the screen in the error. */
import { describe, expect, test } from '@jest/globals';
import { ScreenBuffer } from '../../../terminal/screen/screen-buffer.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { turns } from '../../support/turns.ts';

describe('a wait', () => {
  test('is over at once when the screen shows it already', async () => {
    using screen = new ScreenBuffer();
    screen.write('$ ');
    expect(await screen.until('$')).toEqual({ text: '$', groups: [], row: 0, offset: 0 });
  });

  test('is over as soon as the screen shows it, however it is written', async () => {
    using screen = new ScreenBuffer();
    const found = screen.until(/count: (\d+)/);
    for (const byte of 'one\r\nthe count\x1b[31m: 4\x1b[0m2') screen.write(byte);
    expect(await found).toEqual({ text: 'count: 4', groups: ['4'], row: 1, offset: 4 });
  });

  test('for a string takes it as it stands', async () => {
    using screen = new ScreenBuffer();
    screen.write('a.c (x)* [1]');
    expect(await screen.until('(x)* [1]')).toMatchObject({ offset: 4 });
  });

  test('sees the same with a pattern that remembers where it was', async () => {
    using screen = new ScreenBuffer();
    screen.write('aa');
    const pattern = /a/g;
    expect(await screen.until(pattern)).toMatchObject({ offset: 0 });
    expect(await screen.until(pattern)).toMatchObject({ offset: 0 });
  });

  test('is served after those that have waited longer', async () => {
    using screen = new ScreenBuffer();
    const served: string[] = [];
    const waits = ['first', 'second'].map(word => screen.until(word).then(() => served.push(word)));
    screen.write('second');
    await turns(2);
    expect(served).toEqual([]);
    screen.write(' first');
    await Promise.all(waits);
    expect(served).toEqual(['first', 'second']);
  });

  test('ends at its deadline, and the error shows the screen', async () => {
    using screen = new ScreenBuffer({ columns: 20, rows: 3 });
    const clock = new FakeClock();
    screen.write('Password: ');
    const wait = expect(screen.until(/welcome/i, { clock, deadline: 100 })).rejects.toMatchObject({
      name: 'WaitError',
      message: 'after 100 milliseconds: the screen does not show /welcome/i\n┌\n│Password: \n└',
      screen: 'Password: ',
    });
    clock.pass(99);
    await turns(1);
    clock.pass(1);
    await wait;
    expect(clock.waiting).toBe(0);
  });

  test('lets the next one be served when it is given up', async () => {
    using screen = new ScreenBuffer();
    const clock = new FakeClock();
    const first = expect(screen.until('never', { clock, deadline: 10 })).rejects.toThrow('never');
    const second = screen.until('shown', { clock, deadline: 50 });
    screen.write('shown');
    clock.pass(10);
    await first;
    expect(await second).toMatchObject({ text: 'shown' });
  });

  test('ends with the reason of its signal', async () => {
    using screen = new ScreenBuffer();
    const [clock, abort, reason] = [new FakeClock(), new AbortController(), new Error('no more')];
    const wait = expect(screen.until('x', { clock, signal: abort.signal })).rejects.toBe(reason);
    abort.abort(reason);
    await wait;
    await expect(screen.until('x', { clock, signal: abort.signal })).rejects.toBe(reason);
    expect(clock.waiting).toBe(0);
  });

  test('ends when the screen is gone, also one that comes later', async () => {
    const screen = new ScreenBuffer();
    const clock = new FakeClock();
    const wait = expect(screen.until('x', { clock })).rejects.toThrow(
      'the screen is gone: the screen does not show "x"',
    );
    screen[Symbol.dispose]();
    await wait;
    await expect(screen.until('x', { clock })).rejects.toThrow('the screen is gone');
    expect(clock.waiting).toBe(0);
  });
});
