/** New keys in the middle of full load both ways, begun by either end and by both at once: every byte arrives. */
import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { algorithmProfiles } from '../../ssh/algorithms.ts';
import type { Channel } from '../../ssh/channel.ts';
import { sshPair, type SshPair } from '../../ssh/testing.ts';
import { HalfCloseableRecorder } from '../support/recorder.ts';

const { ciphers, macs } = algorithmProfiles.compatible;
const load = [randomBytes(1_500_000), randomBytes(1_500_000)] as const;
const REKEYS = 4;
/** Small, so that grants of more have to wait for new keys, too. */
const WINDOW = 64 * 1024;

/** Each cipher, and each MAC with one that needs it. */
const suites = [
  ...ciphers.filter(cipher => cipher !== 'aes256-ctr').map(cipher => ({ ciphers: [cipher], macs })),
  ...macs.map(mac => ({ ciphers: ['aes256-ctr'], macs: [mac] })),
];

/** A channel that writes `bytes` and EOF, and what its other end writes. */
function carry(channel: Channel, bytes: Buffer, heard = new HalfCloseableRecorder()): HalfCloseableRecorder {
  channel.start(heard);
  channel.write(bytes);
  channel.loseWriteConnection();
  return heard;
}

/** Begin a key exchange each time so much more has arrived, at one end, the other, or both. */
function rekeyAsItGoes(pair: SshPair, heard: HalfCloseableRecorder): void {
  let begun = 0;
  const noted = heard.dataReceived.bind(heard);
  heard.dataReceived = data => {
    noted(data);
    if (heard.received < ((begun + 1) * load[0].length) / (REKEYS + 2) || begun === REKEYS) return;
    begun += 1;
    if (begun % 3 !== 1) pair.client.link.rekey();
    if (begun % 3 !== 2) pair.server.link.rekey();
  };
}

describe('both ends send as much as they can, and exchange keys again and again,', () => {
  for (const algorithms of suites) {
    test(`with ${algorithms.ciphers[0]!} and ${algorithms.macs[0]!}`, async () => {
      const theirs = new HalfCloseableRecorder();
      const ours = new HalfCloseableRecorder();
      const opened = (channel: Channel): unknown => carry(channel, load[1], ours);
      await using pair = await sshPair({
        both: { algorithms: { ...algorithms, kex: ['curve25519-sha256'] } },
        client: { connection: { initialWindowSize: WINDOW } },
        server: { connection: { initialWindowSize: WINDOW, channelTypes: { test: { opened } } } },
      });
      rekeyAsItGoes(pair, theirs);
      carry(await pair.client.connection.openChannel('test'), load[0], theirs);
      await theirs.until(() => theirs.readLost === 1, 30_000);
      await ours.until(() => ours.readLost === 1, 30_000);
      expect([ours.bytes.equals(load[0]), theirs.bytes.equals(load[1])]).toEqual([true, true]);
      expect([pair.client.exchanges, pair.server.exchanges]).toEqual(Array(2).fill(1 + REKEYS));
    });
  }
});
