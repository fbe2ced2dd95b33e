/** Penalties: how they add up, begin, end and are forgotten. sshd_config(5) PerSourcePenalties. */
import { describe, expect, test } from '@jest/globals';
import fc from '../../support/properties.ts';
import {
  admissionDefaults,
  penaltyCauses,
  type PenaltyCause,
  type PenaltyOptions,
} from '../../../server/admission/options.ts';
import { Penalties } from '../../../server/admission/penalties.ts';

const open = (options: Partial<PenaltyOptions> = {}): Penalties =>
  new Penalties({ ...admissionDefaults.penalties, ...options });
const ipv4 = (name: string | number) => ({ name: String(name), family: 'ipv4' }) as const;
const ada = ipv4('192.0.2.1');

describe('a source', () => {
  test('is refused once more than the least has come together, and told for what and how long', () => {
    const penalties = open();
    expect(penalties.add(ada, 'authFail', 0)).toEqual({ cause: 'authFail', left: 5_000, begins: false });
    expect(penalties.add(ada, 'authFail', 0)).toMatchObject({ left: 10_000, begins: false });
    expect(penalties.add(ada, 'authFail', 0)).toMatchObject({ left: 15_000, begins: false });
    expect(penalties.refusal(ada, 0)).toBeUndefined();
    expect(penalties.add(ada, 'noAuth', 0)).toEqual({ cause: 'noAuth', left: 16_000, begins: true });
    expect(penalties.refusal(ada, 1_000)).toEqual({ cause: 'noAuth', left: 15_000 });
  });

  test('is refused until its time is over, to the millisecond, also below the least', () => {
    const penalties = open();
    penalties.add(ada, 'crash', 500);
    expect(penalties.refusal(ada, 90_499)).toMatchObject({ left: 1 });
    expect(penalties.refusal(ada, 90_500)).toBeUndefined();
  });

  test('begins anew when its time was over', () => {
    const penalties = open();
    penalties.add(ada, 'crash', 0);
    expect(penalties.add(ada, 'authFail', 90_000)).toEqual({ cause: 'authFail', left: 5_000, begins: false });
    expect(penalties.refusal(ada, 90_001)).toBeUndefined();
  });

  test('has no more in front of it than the most', () => {
    const penalties = open({ max: 20_000 });
    expect(penalties.add(ada, 'crash', 0)).toMatchObject({ left: 20_000 });
    expect(penalties.add(ada, 'crash', 5_000)).toMatchObject({ left: 20_000, begins: false });
    expect(penalties.refusal(ada, 24_999)).toMatchObject({ left: 1 });
  });

  test('does not answer for another', () => {
    const penalties = open();
    penalties.add(ada, 'crash', 0);
    expect(penalties.refusal(ipv4('192.0.2.2'), 0)).toBeUndefined();
    expect(penalties.refusal({ ...ada, family: 'ipv6' }, 0)).toBeUndefined();
  });
});

test('a penalty of 0 is none, and nothing is remembered for it', () => {
  const penalties = open({ noAuth: 0 });
  expect(penalties.add(ada, 'noAuth', 0)).toBeUndefined();
  expect(penalties.size).toBe(0);
});

test('switched off, nothing is remembered and nobody refused', () => {
  const penalties = open({ enabled: false });
  expect(penalties.add(ada, 'crash', 0)).toBeUndefined();
  expect([penalties.size, penalties.refusal(ada, 0)]).toEqual([0, undefined]);
});

describe('when there are too many sources', () => {
  test('permissive forgets the one whose time is over first', () => {
    const penalties = open({ maxSources4: 2, max: 100_000 });
    penalties.add(ipv4('long'), 'crash', 0);
    penalties.add(ipv4('short'), 'graceExceeded', 0);
    penalties.add(ipv4('short'), 'graceExceeded', 0);
    penalties.add(ipv4('new'), 'crash', 0);
    expect(penalties.size).toBe(2);
    expect(['long', 'short', 'new'].map(name => penalties.refusal(ipv4(name), 1)?.left)).toEqual([
      89_999,
      undefined,
      89_999,
    ]);
  });

  test('deny-all refuses everybody of the family until one is over, and remembers no more', () => {
    const penalties = open({ maxSources4: 2, overflow4: 'deny-all' });
    penalties.add(ipv4('a'), 'crash', 0);
    penalties.add(ipv4('b'), 'noAuth', 0);
    expect(penalties.add(ipv4('c'), 'crash', 0)).toBeUndefined();
    expect(penalties.refusal(ipv4('stranger'), 1)).toEqual({ cause: 'full', left: 0 });
    expect(penalties.refusal({ name: 'stranger', family: 'ipv6' }, 1)).toBeUndefined();
    expect(penalties.refusal(ipv4('stranger'), 2_000)).toBeUndefined();
  });

  test('who is remembered already can still be penalised further', () => {
    const penalties = open({ maxSources4: 1, overflow4: 'deny-all' });
    penalties.add(ada, 'crash', 0);
    expect(penalties.add(ada, 'crash', 0)).toMatchObject({ left: 180_000 });
  });
});

test('what is over is forgotten: a million sources, one second each, take the room of a few', () => {
  const penalties = open();
  let most = 0;
  for (let n = 0; n < 100_000; n++) {
    penalties.add(ipv4(n), 'noAuth', n * 100);
    most = Math.max(most, penalties.size);
  }
  expect(most).toBeLessThanOrEqual(21);
});

/** The rule of srclimit.c without any of our bookkeeping: add everything up, look at the sum. */
class Model {
  readonly #sources = new Map<string, { until: number; active: boolean }>();
  add(name: string, time: number, now: number): void {
    const before = this.#sources.get(name);
    const carried = before && before.until > now ? before : { until: now, active: false };
    const until = Math.min(carried.until + time, now + admissionDefaults.penalties.max);
    this.#sources.set(name, { until, active: carried.active || until - now > admissionDefaults.penalties.min });
  }
  left(name: string, now: number): number | undefined {
    const source = this.#sources.get(name);
    return source?.active && source.until > now ? source.until - now : undefined;
  }
}

test('whatever happens in whatever order, the table agrees with the rule', () => {
  const step = fc.record({
    name: fc.constantFrom('a', 'b', 'c'),
    cause: fc.constantFrom(...penaltyCauses),
    wait: fc.integer({ min: 0, max: 40_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), steps => {
      const [penalties, model] = [open(), new Model()];
      let now = 123;
      for (const { name, cause, wait } of steps) {
        now += wait;
        for (const each of ['a', 'b', 'c'])
          expect(penalties.refusal(ipv4(each), now)?.left).toBe(model.left(each, now));
        penalties.add(ipv4(name), cause, now);
        model.add(name, admissionDefaults.penalties[cause satisfies PenaltyCause], now);
      }
    }),
  );
});
