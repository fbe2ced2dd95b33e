/** Who may ask for new keys how often, with a clock of the test's own. */
import { expect, test } from '@jest/globals';
import { KeyExchangePace } from '../../ssh/key-exchange-pace.ts';
import { RemoteProtocolError } from '../../transport/errors.ts';

/** How many of 50 exchanges are let through, with so much between them. */
function exchanges(between: { bytes?: number; milliseconds?: number }): number {
  let now = 0;
  const pace = new KeyExchangePace(() => now);
  for (let done = 0; done < 50; done++) {
    now += between.milliseconds ?? 0;
    pace.count(between.bytes ?? 0);
    try {
      pace.exchange();
    } catch (error) {
      expect(error).toBeInstanceOf(RemoteProtocolError);
      return done;
    }
  }
  return 50;
}

// what lies between two exchanges, how many are let through, why
const facts: Array<[between: Parameters<typeof exchanges>[0], count: number, why: string]> = [
  [{}, 8, 'nothing was sent and no time went by'],
  [{ bytes: 16 * 1024 - 1 }, 8, 'next to nothing was sent'],
  [{ bytes: 16 * 1024 }, 50, 'there was something to protect: OpenSSH with a small RekeyLimit'],
  [{ milliseconds: 59_999 }, 8, 'they come faster than once a minute'],
  [{ milliseconds: 60_000 }, 50, 'an idle connection renews its keys by the clock'],
];

for (const [between, count, why] of facts) {
  test(`${JSON.stringify(between)} between exchanges lets ${count} of 50 through: ${why}`, () => {
    expect(exchanges(between)).toBe(count);
  });
}
