/** What is sent during a key exchange waits for the new keys, and how much may wait is counted anew in each. */
import { expect, test } from '@jest/globals';
import { sshPair } from '../../ssh/testing.ts';

/** Together more than half of what may wait during one exchange. */
const load = Array<Buffer>(24).fill(Buffer.alloc(30_000));

test('what waited for one key exchange does not count in the next', async () => {
  await using pair = await sshPair();
  for (const exchanges of [2, 3, 4]) {
    pair.client.link.rekey();
    const answers = load.map(data => pair.client.connection.request('anything', data, true));
    await Promise.all(answers);
    expect([pair.client.exchanges, pair.client.reason]).toEqual([exchanges, undefined]);
  }
});
