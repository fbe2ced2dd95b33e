/** Promises 1 and 8 of contracts.ts: bytes arrive whole and in order, and no call calls back. */
import { expect } from '@jest/globals';
import fc from '../../support/properties.ts';
import { writeBorrowed } from '../../../transport/borrowed.ts';
import { isLender } from '../../../transport/lender.ts';
import { PullSource } from '../../support/sources.ts';
import { turns } from '../../support/turns.ts';
import { bytes, pattern, type ContractPromise, type Lab, type Pair } from './lab.ts';
import type { Recorder } from '../../support/recorder.ts';

const cuts = fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 20 });

export const order: readonly ContractPromise[] = [
  {
    title: 'bytes arrive whole and in order, however they are cut',
    check: async lab => {
      const { far, out } = await lab.plain();
      const property = fc.asyncProperty(cuts, fc.boolean(), async (chunks, asSequence) => {
        const before = far.received;
        const sent = Buffer.concat(chunks);
        if (asSequence) out.writeSequence(chunks);
        else for (const chunk of chunks) out.write(chunk);
        await far.until(() => far.received >= before + sent.length);
        expect(far.bytes.subarray(before).equals(sent)).toBe(true);
      });
      await fc.assert(property, { numRuns: 15 });
    },
  },
  {
    title: 'a megabyte in one write arrives whole, in both directions at once',
    check: async lab => {
      const { near, far, out, back } = await lab.plain();
      const sent = pattern(1_000_000);
      out.write(sent);
      back.write(sent);
      await far.until(() => far.received >= sent.length);
      await near.until(() => near.received >= sent.length);
      expect(far.bytes.equals(sent)).toBe(true);
      expect(near.bytes.equals(sent)).toBe(true);
    },
  },
  {
    title: 'writeSequence takes any iterable, a generator too, and an empty one',
    check: async lab => {
      const { far, out } = await lab.plain();
      out.writeSequence([]);
      out.writeSequence(letters());
      out.writeSequence(new Set([bytes('d')]));
      await far.until(() => far.text === 'abcd');
    },
  },
  {
    title: 'an empty write is no event',
    check: async lab => {
      const { far, out } = await lab.plain();
      out.write(new Uint8Array());
      out.write(bytes('x'));
      await far.until(() => far.text === 'x');
      expect(far.chunks.every(chunk => chunk.length > 0)).toBe(true);
    },
  },
  {
    title: 'what is not bytes is a TypeError at the call, and the connection goes on',
    check: async lab => {
      const { far, out } = await lab.plain();
      for (const wrong of ['text', [1, 2], null, undefined, new ArrayBuffer(2)] as never[]) {
        expect(() => out.write(wrong)).toThrow(TypeError);
        expect(() => out.writeSequence([wrong])).toThrow(TypeError);
      }
      out.write(bytes('fine'));
      await far.until(() => far.text === 'fine');
    },
  },
  {
    title: 'writing calls back into no protocol before it returns',
    check: async lab => {
      const pair = await lab.plain();
      quietly(pair, () => pair.out.write(bytes('a')));
      quietly(pair, () => pair.out.writeSequence([bytes('b')]));
      quietly(pair, () => writeBorrowed(pair.out, bytes('c')));
      await pair.far.until(() => pair.far.text === 'abc');
      await lendsQuietly(pair);
      const pull = new PullSource(pair.near, ['c']);
      quietly(pair, () => pair.out.registerProducer(pull, false));
    },
  },
  {
    title: 'resuming calls back into no protocol before it returns, even with bytes waiting',
    check: async lab => {
      const pair = await lab.plain();
      pair.out.pauseProducing();
      pair.back.write(bytes('waiting'));
      await turns(20);
      quietly(pair, () => pair.out.resumeProducing());
      await pair.near.until(() => pair.near.text === 'waiting');
    },
  },
  {
    title: 'ending calls back into no protocol before it returns',
    check: async lab => {
      await endsQuietly(lab, pair => pair.out.loseConnection());
      await endsQuietly(lab, pair => pair.out.stopProducing());
      await endsQuietly(lab, pair => pair.out.abortConnection());
    },
  },
];

function* letters(): Generator<Uint8Array> {
  for (const letter of 'abc') yield bytes(letter);
}

type PlainPair = Pair<Recorder, Recorder>;

/** Make one call, and see that nobody was called meanwhile. */
function quietly({ near, far }: PlainPair, call: () => void): void {
  const before = [near.calls.length, far.calls.length];
  call();
  expect([near.calls.length, far.calls.length]).toEqual(before);
}

/** Lent bytes, too, come back only behind the call. */
async function lendsQuietly(pair: PlainPair): Promise<void> {
  const { out, far } = pair;
  if (!isLender(out)) return;
  const before = far.received;
  let returned = false;
  quietly(pair, () => {
    out.lend(bytes('lent'), () => (returned = true));
    expect(returned).toBe(false);
  });
  await far.until(() => returned && far.received === before + 'lent'.length);
}

async function endsQuietly(lab: Lab, end: (pair: PlainPair) => void): Promise<void> {
  const pair = await lab.plain();
  pair.out.write(bytes('queued'));
  quietly(pair, () => end(pair));
  await pair.near.ended();
  quietly(pair, () => end(pair));
}
