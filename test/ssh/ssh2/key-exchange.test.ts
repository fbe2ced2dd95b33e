/** Which method two ends settle on, and whole key exchanges with the methods that are ours. RFC 4253 §7.1. */
import { describe, expect, test } from '@jest/globals';
import { algorithmProfiles } from '../../../ssh/algorithms.ts';
import { Message } from '../../../ssh/codes.ts';
import { engineName, KeyExchangeMethods, settledMethod } from '../../../ssh/ssh2/key-exchange.ts';
import { sampleEngine, sampleKexInit, startKeyExchange } from '../../../ssh/ssh2/library.ts';
import { byte, message, nameList, string, uint32, WireReader } from '../../../ssh/wire.ts';
import { RemoteProtocolError } from '../../../transport/errors.ts';
import { loopback } from '../../../transport/memory/loopback.ts';
import { turns } from '../../support/turns.ts';
import { EngineClient } from './engine-client.ts';
import { OurEnd } from './stock-client.ts';

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
    const changed = new KeyExchangeMethods(sampleEngine(), 'server', ours).shownToEngine(kexInit);
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
    const methods = new KeyExchangeMethods(sampleEngine(), 'server', [CURVE]);
    const cut = message(byte(Message.KEXINIT), Buffer.alloc(16), uint32(100), string('x'));
    expect(() => methods.shownToEngine(cut)).toThrow(RemoteProtocolError);
  });

  test('hashes a public value that begins with zeros as it is (its own methods take them for a number’s)', () => {
    const engine = sampleEngine();
    const methods = new KeyExchangeMethods(engine, 'server', [CURVE]);
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

interface Joined {
  readonly client: EngineClient;
  readonly ours: OurEnd;
}

/** A client with these methods and a server with those, until nothing more happens. */
async function join(client: readonly string[], server: readonly string[]): Promise<Joined> {
  const ours = new OurEnd({ algorithms: { ...algorithmProfiles.modern, kex: server } }, {});
  const joined = { client: new EngineClient(client), ours };
  loopback(joined.client, ours.link);
  await turns(20);
  return joined;
}

/** Both ends still read each other. */
async function expectTalk({ client }: Joined): Promise<void> {
  const before = client.received.length;
  client.send(message(byte(Message.SERVICE_REQUEST), string('ssh-userauth')));
  await turns(20);
  expect(client.received.slice(before).map(payload => payload[0])).toEqual([Message.SERVICE_ACCEPT]);
}

describe('a whole key exchange', () => {
  const { kex } = algorithmProfiles.modern;

  for (const method of kex) {
    test(`with ${method}: both ends name it, have one session id and read each other`, async () => {
      const joined = await join([method], kex);
      expect(joined.client.errors).toEqual([]);
      expect(joined.client.exchanges.map(negotiated => negotiated.kex)).toEqual([method]);
      expect(joined.ours.handshake?.kex).toBe(method);
      expect(joined.ours.handshake?.sessionId).toEqual(joined.client.sessionId);
      await expectTalk(joined);
    });
  }

  test('again, when the client asks, keeps the session id and the method', async () => {
    const joined = await join([HYBRID], kex);
    const first = joined.client.sessionId;
    joined.client.engine.rekey();
    await turns(20);
    expect(joined.client.exchanges.map(negotiated => negotiated.kex)).toEqual([HYBRID, HYBRID]);
    expect(joined.client.sessionId).toEqual(first);
    await expectTalk(joined);
  });

  test('fails when one end takes nothing but the hybrid method and the other only its carrier', async () => {
    const { client, ours } = await join([CURVE], [HYBRID]);
    expect(client.exchanges).toEqual([]);
    expect((await ours.ended()).kind).toBe('protocol-error');
  });

  test('fails at the client likewise', async () => {
    const { client, ours } = await join([HYBRID], [CURVE]);
    expect(client.exchanges).toEqual([]);
    expect(ours.handshake).toBeUndefined();
  });

  test('with an ML-KEM key that is none ends with the rule that it breaks', async () => {
    const client = new EngineClient([HYBRID]);
    const ours = new OurEnd({}, {});
    const [end] = loopback(client, ours.link);
    spoilNext(end, 1184);
    await turns(20);
    expect(await ours.ended()).toMatchObject({ kind: 'protocol-error', error: { rule: 'FIPS 203 §7.2' } });
  });
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
