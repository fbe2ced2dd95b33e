/** A key exchange that a peer does not finish: nothing else may be sent meanwhile, so it has a time limit. */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { sshPair, type SshPair } from '../../ssh/testing.ts';
import type { Endpoint } from '../../transport/endpoint.ts';
import { loopback } from '../../transport/memory/loopback.ts';
import { turns } from '../support/turns.ts';

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'queueMicrotask', 'nextTick', 'performance'] });
});
afterEach(() => {
  jest.useRealTimers();
});

/** A pair whose server waits a second, and what the client writes to. */
async function pairOf(rekeyTimeout = 1_000): Promise<{ pair: SshPair; clients: Endpoint }> {
  let clients!: Endpoint;
  const pair = await sshPair({
    server: { keyLimits: { rekeyTimeout, rekeyTime: 0 } },
    client: { keyLimits: { rekeyTimeout: 0, rekeyTime: 0 } },
    join: (client, server) => {
      [clients] = loopback(client, server);
    },
  });
  return { pair, clients };
}

/** After so many more writes nothing of it arrives. */
function silenceAfter(writes: number, end: Endpoint): void {
  const write = end.write.bind(end);
  let left = writes;
  end.write = data => ((left -= 1) >= 0 ? write(data) : undefined);
}

describe('a connection whose key exchange', () => {
  const stalled: Array<[begins: string, heard: number, begin: (pair: SshPair) => void]> = [
    ['that we began is not answered', 0, pair => pair.server.link.rekey()],
    ['that we began is answered by half', 1, pair => pair.server.link.rekey()],
    ['that the peer began is not gone on with', 1, pair => pair.client.link.rekey()],
    ['that both began is not gone on with', 1, pair => [pair.client, pair.server].map(({ link }) => link.rekey())],
  ];
  for (const [what, heard, begin] of stalled) {
    test(`${what} ends at its time limit, not before, and the peer is told`, async () => {
      const { pair, clients } = await pairOf();
      silenceAfter(heard, clients);
      begin(pair);
      await turns(20);
      jest.advanceTimersByTime(999);
      await turns(20);
      expect(pair.server.reason).toBeUndefined();
      jest.advanceTimersByTime(1);
      const message = 'peer broke RFC 4253 §9: a key exchange that was not over after 1000 ms';
      expect(await pair.server.ended()).toMatchObject({
        kind: 'protocol-error',
        error: { rule: 'RFC 4253 §9', message },
      });
      expect(await pair.client.ended()).toMatchObject({ error: { message: `peer disconnected: ${message} (2)` } });
      await pair[Symbol.asyncDispose]();
    });
  }

  test('is over in time goes on, however long after', async () => {
    await using pair = (await pairOf()).pair;
    pair.server.link.rekey();
    await turns(20);
    expect(pair.server.exchanges).toBe(2);
    jest.advanceTimersByTime(1_000_000);
    await turns(20);
    expect([pair.server.reason, pair.client.reason]).toEqual([undefined, undefined]);
  });

  test('takes for ever lives for ever, if the limit is 0', async () => {
    const { pair, clients } = await pairOf(0);
    silenceAfter(0, clients);
    pair.server.link.rekey();
    await turns(20);
    jest.advanceTimersByTime(2 ** 31 - 1);
    await turns(20);
    expect(pair.server.reason).toBeUndefined();
    await pair[Symbol.asyncDispose]();
  });
});
