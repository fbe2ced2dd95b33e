/** What a connection keeps for as long as it lives: little, and none of what its key exchange knew. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { algorithmProfiles } from '../../../ssh/algorithms.ts';
import { keyAgreements, type KeyAgreement } from '../../../ssh/key-agreement.ts';
import { clientLinks, serverLinks, type Links } from '../../../ssh/ssh2/links.ts';
import type { PacketLink } from '../../../ssh/ssh2/packet-link.ts';
import { newHostKey } from '../../../ssh/test-ends.ts';
import { Deferred } from '../../../transport/adapters/deferred.ts';
import { ConnectionLostError } from '../../../transport/errors.ts';
import { loopback } from '../../../transport/memory/loopback.ts';
import { build } from '../../interop/build.ts';
import { closeAfterTest } from '../../support/cleanup.ts';
import { collectGarbage, heldInBuffers } from '../../support/garbage.ts';

const CURVE = 'curve25519-sha256';
const algorithms = { ...algorithmProfiles.modern, kex: [CURVE] };
const server = serverLinks({
  hostKeys: [newHostKey()],
  algorithms,
  signatureAlgorithms: ['ssh-ed25519'],
});
const client = clientLinks({ verifyHostKey: () => true, hostKeyAlgorithms: ['ssh-ed25519'], algorithms });

/** A client and a server that have exchanged keys. */
async function linkedPair(): Promise<PacketLink[]> {
  const ends = [client, server].map(exchangeKeys);
  loopback(ends[0]!.link, ends[1]!.link);
  await Promise.all(ends.map(({ done }) => done));
  return ends.map(({ link }) => link);
}

function exchangeKeys(links: Links): { link: PacketLink; done: Promise<void> } {
  const done = new Deferred();
  const listener = { messageReceived: () => undefined, linkWritable: () => undefined, linkLost: () => undefined };
  const link = links({
    handshakeComplete: () => {
      link.listen(listener);
      done.resolve();
    },
    handshakeFailed: reason => done.reject(new ConnectionLostError(reason)),
  });
  closeAfterTest(() => link.abort());
  return { link, done: done.promise };
}

test('the private key and the secret of an exchange that is over are kept by neither end', async () => {
  const agreements = watchAgreements(CURVE);
  const pair = await linkedPair();
  await new Promise(setImmediate);
  collectGarbage();
  expect(agreements.map(agreement => agreement.deref())).toEqual([undefined, undefined]);
  expect(pair).toHaveLength(2);
});

test('no piece of Node’s pool, of which a few bytes keep 8 KiB, is kept', async () => {
  const pairs = [await linkedPair()];
  const before = heldInBuffers();
  while (pairs.length < 50) pairs.push(await linkedPair());
  await new Promise(setImmediate);
  expect((heldInBuffers() - before) / pairs.length).toBeLessThan(1024);
});

test('two logged-in ends hold less than 24 KiB with what is under them, for they share what is the same for all', () => {
  build();
  const child = fileURLToPath(new URL('../../support/held-by-pair-child.js', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', child], { encoding: 'utf8', timeout: 60_000 });
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^\d+\n$/);
  expect(Number(stdout)).toBeLessThan(24 * 1024);
}, 120_000);

/** What both ends make for `method` until the end of this test, held by nobody here (a mock of jest's would hold it). */
function watchAgreements(method: string): Array<WeakRef<KeyAgreement>> {
  const made: Array<WeakRef<KeyAgreement>> = [];
  const make = keyAgreements[method]!;
  const put = (entry: typeof make): unknown => Object.assign(keyAgreements, { [method]: entry });
  put(role => {
    const agreement = make(role);
    made.push(new WeakRef(agreement));
    return agreement;
  });
  closeAfterTest(() => void put(make));
  return made;
}
