/** Which method two ends settle on, and whole key exchanges with the methods that are ours. RFC 4253 §7.1. */
import { describe, expect, test } from '@jest/globals';
import { algorithmProfiles } from '../../../ssh/algorithms.ts';
import { Message } from '../../../ssh/codes.ts';
import { engineName, KeyExchangeMethods, settledMethod } from '../../../ssh/ssh2/key-exchange.ts';
import { sampleEngine, sampleKexInit, startKeyExchange } from '../../../ssh/ssh2/library.ts';
import { clientLinks } from '../../../ssh/ssh2/links.ts';
import { ServerEnd } from '../../../ssh/test-ends.ts';
import { sshPair, type SshPair, type SshPairOptions } from '../../../ssh/testing.ts';
import { byte, message, nameList, string, uint32, WireReader } from '../../../ssh/wire.ts';
import { RemoteProtocolError } from '../../../transport/errors.ts';
import { loopback } from '../../../transport/memory/loopback.ts';

const HYBRID = 'mlkem768x25519-sha256';
const CURVE = 'curve25519-sha256';

// the client's list, the server's, what both must take, why
const choices: Array<[client: string[], server: string[], settled: string | undefined, why: string]> = [
  [[HYBRID, CURVE], [HYBRID, CURVE], HYBRID, 'both prefer it'],
  [[CURVE, HYBRID], [HYBRID, CURVE], CURVE, 'the client’s order decides'],
  [[CURVE], [HYBRID, CURVE], CURVE, 'the client has no other'],
  [['sntrup761x25519-sha512', HYBRID], [HYBRID, CURVE], HYBRID, 'the server does not know the first'],
  [[CURVE], [HYBRID], undefined, 'they share none'],
  [[], [HYBRID], undefined, 'the client has none'],
];

describe('two ends', () => {
  for (const [client, server, settled, why] of choices) {
    test(`settle on ${settled ?? 'nothing'}: ${why}`, () => expect(settledMethod(client, server)).toBe(settled));
  }
});

describe('the engine', () => {
  const shown = (theirs: readonly string[], ours: readonly string[]): string[] => {
    const kexInit = message(byte(Message.KEXINIT), Buffer.alloc(16, 7), nameList(theirs), string('the rest'));
    const changed = new KeyExchangeMethods('server', ours).shownToEngine(kexInit);
    expect(changed.subarray(0, 17)).toEqual(kexInit.subarray(0, 17));
    const reader = new WireReader(changed.subarray(17), 'KEXINIT');
    const kex = reader.nameList();
    expect(reader.text()).toBe('the rest');
    return kex;
  };

  // what a client says, what we offer, what the engine is shown, why
  const facts: Array<[theirs: string[], ours: string[], sees: string[], why: string]> = [
    [[HYBRID, CURVE], [HYBRID], [CURVE], 'our method is carried by one that it knows'],
    [[CURVE], [HYBRID], [], 'a method that we do not offer is not shown, though it carries ours'],
    [['ecdh-sha2-nistp256'], ['ecdh-sha2-nistp256'], ['ecdh-sha2-nistp256'], 'a method of its own is left to it'],
    [[CURVE, 'ext-info-c'], [CURVE], [CURVE, 'ext-info-c'], 'a marker is no method, and stays'],
    [['kex-strict-s-v00@openssh.com', CURVE], [CURVE], [CURVE], 'a marker that is the server’s to say is dropped'],
    [['kex-strict-c-v00@openssh.com'], [CURVE], ['kex-strict-c-v00@openssh.com'], 'markers alone settle nothing'],
  ];
  for (const [theirs, ours, sees, why] of facts) {
    test(`is shown ${JSON.stringify(sees)} of ${JSON.stringify(theirs)}: ${why}`, () =>
      expect(shown(theirs, ours)).toEqual(sees));
  }

  test('is not shown a KEXINIT without a list of methods: that breaks RFC 4251 §5', () => {
    const methods = new KeyExchangeMethods('server', [CURVE]);
    const cut = message(byte(Message.KEXINIT), Buffer.alloc(16), uint32(100), string('x'));
    expect(() => methods.shownToEngine(cut)).toThrow(RemoteProtocolError);
  });

  test('hashes a public value that begins with zeros as it is (its own methods take them for a number’s)', () => {
    const methods = new KeyExchangeMethods('server', [CURVE]);
    const engine = sampleEngine({ exchangeFor: made => methods.adopt(made) });
    startKeyExchange(engine, methods.shownToEngine(sampleKexInit()));
    const value = Buffer.alloc(1120, 0x80).fill(0, 0, 2);
    expect(engine._kex.convertPublicKey(value)).toEqual(value);
  });

  test('knows our methods by the name of their carrier, and others by their own', () => {
    expect([HYBRID, CURVE, 'diffie-hellman-group16-sha512'].map(engineName)).toEqual([
      CURVE,
      CURVE,
      'diffie-hellman-group16-sha512',
    ]);
  });
});

/** A client that offers these methods and a server that offers those. */
const pairOf = (client: readonly string[], server: readonly string[], more: SshPairOptions = {}): Promise<SshPair> =>
  sshPair({ client: { algorithms: { kex: client } }, server: { algorithms: { kex: server } }, ...more });

/** Both ends still read each other. */
async function expectTalk({ client, server }: SshPair): Promise<void> {
  expect(await client.connection.request('anything', Buffer.alloc(0), true)).toBe(false);
  expect(await server.connection.request('anything', Buffer.alloc(0), true)).toBe(false);
}

describe('a whole key exchange', () => {
  const { kex } = algorithmProfiles.compatible;

  for (const method of kex) {
    test(`with ${method}: both ends name it, have one session id and read each other`, async () => {
      await using pair = await pairOf([method], kex);
      expect([pair.client, pair.server].map(({ handshake }) => handshake.kex)).toEqual([method, method]);
      expect(pair.client.handshake.sessionId).toEqual(pair.server.handshake.sessionId);
      await expectTalk(pair);
    });
  }

  for (const asks of ['client', 'server'] as const) {
    test(`again, when the ${asks} asks, keeps the session id and the method`, async () => {
      await using pair = await pairOf([HYBRID], kex);
      const { sessionId } = pair.client.handshake;
      pair[asks].link.rekey();
      await expectTalk(pair);
      expect([pair.client.exchanges, pair.server.exchanges]).toEqual([2, 2]);
      expect([pair.client, pair.server].map(({ handshake }) => handshake.sessionId)).toEqual([sessionId, sessionId]);
    });
  }

  // the client's methods and the server's, of which none is in both
  const strangers: Array<[client: string, server: string, what: string]> = [
    [CURVE, HYBRID, 'the server takes only the hybrid method, the client only its carrier'],
    [HYBRID, CURVE, 'the client takes only the hybrid method, the server only its carrier'],
  ];
  for (const [client, server, what] of strangers) {
    test(`fails at both ends when ${what}`, async () => {
      const pair = pairOf([client], [server]);
      await expect(pair).rejects.toMatchObject({ reason: { error: { rule: 'RFC 4253 §7.1' } } });
    });
  }

  test('with an ML-KEM key that is none ends with the rule that it breaks', async () => {
    const server = new ServerEnd();
    const client = clientLinks({
      ...{ algorithms: { ...algorithmProfiles.modern, kex: [HYBRID] }, hostKeyAlgorithms: ['ssh-ed25519'] },
      verifyHostKey: () => true,
    })({ handshakeComplete: () => undefined, handshakeFailed: () => undefined });
    const [end] = loopback(client, server.link);
    spoilNext(end, 1184);
    expect(await server.ended()).toMatchObject({ kind: 'protocol-error', error: { rule: 'FIPS 203 §7.2' } });
  });
});

test('of an exchange that is over nothing is left but the session id', () => {
  const engine = sampleEngine();
  startKeyExchange(engine, sampleKexInit());
  engine._kex.sessionID = Buffer.from('id');
  engine.forgetExchange();
  expect(engine._kex).toEqual({ sessionID: Buffer.from('id') });
});

/** The first packet with a value of so many bytes or more has 0xff in place of it. */
function spoilNext(end: { write(data: Uint8Array): void }, bytes: number): void {
  const write = end.write.bind(end);
  end.write = data => {
    const packet = Buffer.from(data);
    if (packet.length > bytes && packet[5] === 30) packet.fill(0xff, 10, 10 + bytes);
    write(packet);
  };
}
