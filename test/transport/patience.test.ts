/** Who begins, who waits and who is told that there is no answer, in turns of a clock that the test turns. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { NoAnswerError, Patience } from '../../transport/patience.ts';
import { closeAfterTest } from '../support/cleanup.ts';

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] }));
afterEach(() => void jest.useRealTimers());

const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/** Work that is over when the test says so: what was begun, in order, and what came of it. */
function lab(options: Partial<ConstructorParameters<typeof Patience>[0]> = {}) {
  const patience = new Patience({ most: 4, mostOfOne: 3, time: 1_000, ...options });
  const begun: string[] = [];
  const outcomes: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const undo = (late: string): void => void outcomes.push(`${late} undone`);
  const run = (place: string, name: string): void => {
    const work = (): Promise<string> => {
      begun.push(name);
      return new Promise((resolve, reject) => ends.set(name, error => (error ? reject(error) : resolve(name))));
    };
    patience.run(place, work, undo).then(
      answer => void outcomes.push(answer),
      (error: unknown) => void outcomes.push(`${name}: ${String(error)}`),
    );
  };
  const end = async (name: string, error?: Error): Promise<void> => {
    ends.get(name)?.(error);
    await settled();
  };
  const wait = async (milliseconds: number): Promise<void> => {
    jest.advanceTimersByTime(milliseconds);
    await settled();
  };
  return { run, end, wait, begun, outcomes };
}

describe('work', () => {
  test('in one place begins with one, then one more at once for each answer, up to the bound', async () => {
    const { run, end, begun } = lab({ mostOfOne: 2 });
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) run('a', name);
    expect(begun).toEqual(['a1']);
    await end('a1');
    expect(begun).toEqual(['a1', 'a2', 'a3']);
    await end('a2', new Error('refused'));
    expect(begun).toEqual(['a1', 'a2', 'a3', 'a4']);
  });

  test('begins with one again where nobody has been for a while', async () => {
    const { run, end, begun } = lab();
    run('a', 'a1');
    await end('a1');
    for (const name of ['a2', 'a3']) run('a', name);
    expect(begun).toEqual(['a1', 'a2']);
  });

  test('in one place begins with more where that is wanted', () => {
    const { run, begun } = lab({ atFirst: 2 });
    for (const name of ['a1', 'a2', 'a3']) run('a', name);
    expect(begun).toEqual(['a1', 'a2']);
  });

  test('of other places does not wait for it, as long as there is room, and places take turns', async () => {
    const { run, end, begun } = lab({ most: 2 });
    for (const name of ['a1', 'a2', 'b1', 'b2', 'c1', 'd1']) run(name.slice(0, 1), name);
    expect(begun).toEqual(['a1', 'b1']);
    await end('a1'); // a2 and b2 are behind c1 and d1, which have waited for room
    expect(begun).toEqual(['a1', 'b1', 'c1']);
    await end('b1');
    expect(begun).toEqual(['a1', 'b1', 'c1', 'd1']);
    await end('c1');
    await end('d1');
    expect(begun).toEqual(['a1', 'b1', 'c1', 'd1', 'a2', 'b2']);
  });

  test('answers and fails as it does', async () => {
    const { run, end, outcomes } = lab();
    run('a', 'a1');
    run('b', 'b1');
    await end('a1');
    await end('b1', new Error('refused'));
    expect(outcomes).toEqual(['a1', 'b1: Error: refused']);
  });

  test('that throws at once has failed, and others take its place', async () => {
    const patience = new Patience({ most: 1, mostOfOne: 1, time: 1_000 });
    const thrown = patience.run('a', () => {
      throw new Error('refused');
    });
    await expect(thrown).rejects.toThrow('refused');
    await expect(patience.run('b', () => Promise.resolve('yes'))).resolves.toBe('yes');
  });

  test('whose answer has come while this process was stopped is in time: timers come first then', async () => {
    const { run, end, begun, outcomes } = lab();
    run('a', 'a1');
    jest.advanceTimersByTime(1_000);
    await end('a1');
    run('a', 'a2');
    expect([outcomes, begun]).toEqual([['a1'], ['a1', 'a2']]);
  });
});

describe('without an answer', () => {
  test('work that has begun hears that it is late, and no other does', async () => {
    const patience = new Patience({ most: 4, mostOfOne: 3, time: 1_000 });
    const signals: AbortSignal[] = [];
    const never = (late: AbortSignal): Promise<void> => new Promise(() => void signals.push(late));
    const inTime = (late: AbortSignal): Promise<void> => Promise.resolve(void signals.push(late));
    await patience.run('b', inTime);
    const waiting = expect(patience.run('a', never)).rejects.toThrow(NoAnswerError);
    jest.advanceTimersByTime(1_000);
    await waiting;
    expect(signals.map(({ aborted }) => aborted)).toEqual([false, true]);
  });

  test('who did not get a turn hears how many others wait, and nothing of their own place', async () => {
    const { run, wait, outcomes } = lab({ most: 2 });
    for (const name of ['a1', 'b1', 'c1']) run(name.slice(0, 1), name);
    await wait(1_000);
    expect(outcomes[2]).toBe('c1: NoAnswerError: it was not its turn for 1 s, because 2 others wait for an answer');
  });

  test('what cannot be undone when it comes too late is a warning of the process', async () => {
    const warned = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    closeAfterTest(() => warned.mockRestore());
    const patience = new Patience({ most: 1, mostOfOne: 1, time: 1_000 });
    let answer: () => void = () => undefined;
    const late = patience.run(
      'a',
      () => new Promise<void>(resolve => (answer = resolve)),
      () => {
        throw new Error('it is gone');
      },
    );
    jest.advanceTimersByTime(1_000);
    await expect(late).rejects.toThrow('there was no answer for 1 s');
    answer();
    await settled();
    expect(warned.mock.calls).toEqual([['it is gone', 'UndoWarning']]);
  });

  test('who has begun and who waits are told so when the time is over, and nobody else has to wait there', async () => {
    const { run, wait, begun, outcomes } = lab();
    run('a', 'a1');
    await wait(500);
    run('a', 'a2');
    await wait(500);
    expect(outcomes).toEqual(['a1: NoAnswerError: there was no answer for 1 s']);
    run('a', 'a3');
    await wait(500);
    expect(outcomes.slice(1)).toEqual([
      'a3: NoAnswerError: somebody has been waiting there for more than 1 s',
      'a2: NoAnswerError: it was not its turn for 1 s, because 1 other waits there for an answer',
    ]);
    expect(begun).toEqual(['a1']);
  });

  test('what comes too late is undone, and from then on the place is like any other', async () => {
    const { run, end, wait, begun, outcomes } = lab();
    run('a', 'a1');
    await wait(500);
    run('a', 'a2');
    await wait(500);
    await end('a1');
    expect(outcomes.slice(1)).toEqual(['a1 undone']);
    await end('a2');
    run('a', 'a3');
    await end('a3');
    expect([begun, outcomes.slice(2)]).toEqual([
      ['a1', 'a2', 'a3'],
      ['a2', 'a3'],
    ]);
  });

  test('what fails too late is told to nobody', async () => {
    const { run, end, wait, outcomes } = lab();
    run('a', 'a1');
    await wait(1_000);
    await end('a1', new Error('at last'));
    run('a', 'a2');
    await end('a2');
    expect(outcomes.slice(1)).toEqual(['a2']);
  });

  test('from as many places as there may be, nobody waits any more', async () => {
    const { run, end, wait, begun, outcomes } = lab({ most: 2 });
    run('a', 'a1');
    run('b', 'b1');
    run('c', 'c1');
    await wait(1_000);
    run('d', 'd1');
    await settled();
    expect(outcomes.slice(3)).toEqual(['d1: NoAnswerError: 2 others have been waiting for more than 1 s']);
    await end('a1');
    run('d', 'd2');
    expect(begun).toEqual(['a1', 'b1', 'd2']);
  });

  test('only so many wait in one place', async () => {
    const patience = new Patience({ most: 4, mostOfOne: 3, time: 1_000 });
    const waiting = Array.from({ length: 4097 }, () => patience.run('a', () => new Promise<void>(() => undefined)));
    const all = Promise.allSettled(waiting);
    await expect(patience.run('a', () => Promise.resolve())).rejects.toThrow(NoAnswerError);
    await expect(patience.run('b', () => Promise.resolve('yes'))).resolves.toBe('yes');
    jest.advanceTimersByTime(1_000);
    await all;
  });
});
