/**
 * Every other client than OpenSSH's (algorithms.test.ts) through every key exchange, cipher and MAC that it shares with
 * us: what it offers is asked of it, and then our server has no other choice than the one under test.
 *
 * Most of these clients cannot be told which key exchange to use, so it is the server's choice that is made narrow.
 */
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from '../support/properties.ts';
import { loadHostKey } from '../../keys/host-key.ts';
import type { ServerEvent } from '../../server/events.ts';
import { listen } from '../../server/listen.ts';
import { runPrograms } from '../../server/run-programs.ts';
import { servingAccount } from '../../server/account.ts';
import { algorithmProfiles } from '../../ssh/algorithms.ts';
import { offerOf } from './client-offer.ts';
import { covering, type Handshake } from './covering.ts';
import { makeLogin, type Login } from './login.ts';
import { has } from './missing.ts';
import { newerDbclient, peers, type Peer } from './peers.ts';
import { run, type Outcome } from './run.ts';
import { makeKeyRing } from './running-server.ts';

const { compatible } = algorithmProfiles;
const keys = makeKeyRing();
afterAll(() => keys.remove());

/** A packet of a few bytes and many full ones, in more than one window of every client. */
const data = Buffer.from(Uint8Array.from({ length: 300_001 }, (_, index) => (index * 7 + (index >> 8)) & 255));

const loginTo = (peer: Peer, port: number): Login => {
  const login = makeLogin({ ...keys, host: '127.0.0.1', port, close: async () => undefined });
  peer.prepare?.(login);
  return login;
};

async function offered(peer: Peer): Promise<Handshake[]> {
  const login = loginTo(peer, 0);
  const offer = await offerOf(port => peer.exec({ ...login, port: String(port) }, 'cat'), login.home);
  login.remove();
  return covering(compatible, offer);
}

/** One server that knows nothing but this, one command, and what came of it. */
async function exchange(peer: Peer, { kex, cipher, mac }: Handshake): Promise<Outcome & { agreed: object }> {
  const events: ServerEvent[] = [];
  await using server = await listen(
    {
      listen: [{ host: '127.0.0.1', port: 0 }],
      hostKeys: [await loadHostKey(keys.hostKeyFile)],
      algorithms: { kex: [kex], ciphers: [cipher], ...(mac === undefined ? {} : { macs: [mac] }) },
      authorize: () => true,
      onEvent: event => events.push(event),
    },
    runPrograms({ ...servingAccount(), home: keys.dir, shell: '/bin/sh' }),
  );
  const login = loginTo(peer, server.addresses[0]?.port ?? 0);
  const command = peer.outlivesStdin ? 'cat' : `head -c ${data.length}`;
  try {
    const options = { stdin: data, holdStdin: !peer.outlivesStdin, home: login.home };
    const outcome = await run(peer.exec(login, command), options);
    const [handshake] = events.filter(({ event }) => event === 'handshake');
    return { ...outcome, agreed: { ...handshake } };
  } finally {
    login.remove();
    server.abort();
  }
}

test('whatever is offered, each algorithm that both sides have is in some handshake, and few handshakes are enough', () => {
  const part = (names: readonly string[]) => fc.subarray([...names], { minLength: 1 });
  const offers = fc.record({
    kex: part(compatible.kex),
    ciphers: part(compatible.ciphers),
    macs: part(compatible.macs),
  });
  fc.assert(
    fc.property(offers, offer => {
      const handshakes = covering(compatible, offer);
      const plain = offer.ciphers.some(cipher => cipher.endsWith('-ctr'));
      expect(new Set(handshakes.map(({ kex }) => kex))).toEqual(new Set(offer.kex));
      expect(new Set(handshakes.map(({ cipher }) => cipher))).toEqual(new Set(offer.ciphers));
      expect(new Set(handshakes.flatMap(({ mac }) => mac ?? []))).toEqual(new Set(plain ? offer.macs : []));
      expect(handshakes.length).toBeLessThanOrEqual(compatible.kex.length);
    }),
  );
});

for (const peer of [...peers.filter(({ name }) => name !== 'OpenSSH ssh'), newerDbclient]) {
  if (!has(peer)) continue;
  const handshakes = await offered(peer);
  describe(peer.name, () => {
    test('shares key exchanges, ciphers and MACs with us', () => expect(handshakes).not.toEqual([]));

    const rows = handshakes.map(handshake => [Object.values(handshake).join(', '), handshake] as const);
    test.each(rows)('%s: data comes back as it went', async (_name, handshake) => {
      const outcome = await exchange(peer, handshake);
      expect(outcome.agreed).toMatchObject({ kex: handshake.kex, cipher: handshake.cipher });
      expect(outcome.stdout.equals(data)).toBe(true);
      expect(outcome.code).toBe(0);
    });
  });
}
