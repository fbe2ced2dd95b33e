/** The pieces that count: the token bucket, the budget of queued bytes, the watch for silence, named deadlines. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import { Deadlines } from '../../../server/limits/deadlines.ts';
import { IdleWatch } from '../../../server/limits/idle-watch.ts';
import { QueueBudget } from '../../../server/limits/queue-budget.ts';
import { TokenBucket } from '../../../server/limits/token-bucket.ts';
import { Endpoint } from '../../../transport/endpoint.ts';
import { turns } from '../../support/turns.ts';

describe('a token bucket', () => {
  const open = (perSecond: number, burst: number) => {
    const clock = { now: 1_000 };
    const bucket = new TokenBucket({ perSecond, burst }, () => clock.now);
    const take = (count: number): number => Array.from({ length: count }, () => bucket.take()).filter(Boolean).length;
    return { clock, take };
  };

  test('gives the burst at once, then so many a second, and no more than the burst after a silence', () => {
    const { clock, take } = open(10, 3);
    expect(take(5)).toBe(3);
    clock.now += 99;
    expect(take(1)).toBe(0);
    clock.now += 1;
    expect(take(2)).toBe(1);
    clock.now += 60_000;
    expect(take(9)).toBe(3);
  });

  test('of 0 a second has no limit', () => expect(open(0, 1).take(10_000)).toBe(10_000));

  test('never gives more than its burst and its rate allow', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2_000), { maxLength: 200 }), waits => {
        const { clock, take } = open(7, 5);
        let taken = 0;
        for (const wait of waits) {
          clock.now += wait;
          taken += take(2);
          expect(taken).toBeLessThanOrEqual(5 + ((clock.now - 1_000) * 7) / 1_000 + 1e-6);
        }
      }),
    );
  });
});

describe('the budget of queued bytes', () => {
  function open(limit: number) {
    const budget = new QueueBudget(limit);
    const gone: string[] = [];
    const share = (name: string, own = Infinity) => budget.open(own, which => void gone.push(`${name} ${which}`));
    return { budget, gone, share };
  }

  test('a connection above its share has to go, once, and not in the middle of the write', async () => {
    const { budget, gone, share } = open(1_000);
    const one = share('one', 10);
    one.change(10);
    one.change(1);
    one.change(1);
    expect(gone).toEqual([]);
    await turns(1);
    expect(gone).toEqual(['one queued-bytes']);
    one.change(5);
    expect(budget.bytes).toBe(0);
  });

  test('above the total, the one with most goes, and no more of them than it takes', async () => {
    const { budget, gone, share } = open(100);
    const [small, large, middle] = [share('small'), share('large'), share('middle')];
    large.change(60);
    middle.change(30);
    small.change(10);
    await turns(1);
    expect(gone).toEqual([]);
    small.change(1);
    await turns(1);
    expect([gone, budget.bytes]).toEqual([['large total-queued-bytes'], 41]);
  });

  test('what was sent makes room, and a connection that has closed is counted no longer', async () => {
    const { budget, gone, share } = open(100);
    const [one, two] = [share('one'), share('two')];
    one.change(90);
    one.change(-80);
    two.change(80);
    two.close();
    two.change(-80);
    one.change(90);
    await turns(1);
    expect([gone, budget.bytes]).toEqual([[], 100]);
  });

  test('whatever is written, sent and closed, the total is what is open, and within its bound afterwards', async () => {
    const act = fc.record({ who: fc.nat(4), bytes: fc.integer({ min: -40, max: 60 }), close: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 80 }), async acts => {
        const { budget, share } = open(100);
        const shares = Array.from({ length: 5 }, (_, n) => share(String(n), 90));
        for (const { who, bytes, close } of acts) {
          const one = shares[who]!;
          one.change(Math.max(bytes, -one.bytes));
          if (close && bytes > 50) one.close();
          expect(budget.bytes).toBe(shares.reduce((sum, each) => sum + each.bytes, 0));
          await Promise.resolve();
        }
        await turns(1);
        expect(budget.bytes).toBeLessThanOrEqual(100);
      }),
      { numRuns: 50 },
    );
  });
});

test('an endpoint tells of every byte that begins to wait and that ceases to, whichever way it does', async () => {
  for (const end of ['loseConnection', 'abortConnection', 'overflow'] as const) {
    const told: number[] = [];
    const nothing = (): void => undefined;
    let taken = nothing;
    const medium = {
      ...{ startReading: nothing, stopReading: nothing, close: nothing, destroy: nothing, sendEof: nothing },
      send: (_chunks: readonly Uint8Array[], whenTaken: () => void) => (taken = whenTaken),
    };
    const address = { kind: 'memory', name: '' } as const;
    const endpoint = new Endpoint(medium, { peer: address, host: address }, { maxQueueBytes: 100 });
    endpoint.watchQueue(bytes => void told.push(bytes));
    endpoint.write(Buffer.alloc(10));
    await turns(1);
    endpoint.write(Buffer.alloc(20));
    taken();
    endpoint.received(Buffer.alloc(30));
    expect(told).toEqual([10, 20, -10, 30]);
    if (end === 'overflow') endpoint.write(Buffer.alloc(101));
    else endpoint[end]();
    await turns(1);
    taken();
    await turns(1);
    expect(told.reduce((sum, bytes) => sum + bytes)).toBe(0);
  }
});

describe('time', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  test('silence is noticed when it has lasted, however long it took to come', () => {
    const reached = jest.fn();
    const watch = new IdleWatch(100, reached);
    for (let n = 0; n < 10; n++) {
      jest.advanceTimersByTime(60);
      watch.touch();
    }
    jest.advanceTimersByTime(99);
    expect(reached).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(reached).toHaveBeenCalledTimes(1);
  });

  test('a limit of 0 sets no timer, and a watch that is stopped leaves none', () => {
    new IdleWatch(0, () => undefined).touch();
    new IdleWatch(5, () => undefined).stop();
    expect(jest.getTimerCount()).toBe(0);
  });

  test('a deadline is reached by its name; one that is set anew, cleared or 0 is not; closing is for good', () => {
    const reached = jest.fn();
    const deadlines = new Deadlines<'a' | 'b' | 'c'>(reached);
    deadlines.set('a', 10);
    deadlines.set('a', 20);
    deadlines.set('b', 5);
    deadlines.clear('b');
    deadlines.set('c', 0);
    jest.advanceTimersByTime(19);
    expect(reached).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(reached.mock.calls).toEqual([['a']]);
    deadlines.set('b', 5);
    deadlines.close();
    deadlines.set('c', 5);
    expect(jest.getTimerCount()).toBe(0);
  });
});
