/** What OpenSSH adds to the protocol, as our server does it. Facts: OpenSSH's PROTOCOL, sections as named. */
import { describe, expect, test } from '@jest/globals';
import { readPublicKey } from '../../keys/public-key.ts';
import { Message } from '../../ssh/codes.ts';
import { hostKeyProofData } from '../../ssh/host-key-proof.ts';
import { boolean, byte, message, string, WireReader } from '../../ssh/wire.ts';
import { hostKeyOf, startServer, userKey } from '../support/nacre-server.ts';
import { makeTestKey, type TestKey } from '../support/ssh-keys.ts';
import { SshPeer } from '../support/ssh-peer.ts';
import { stay } from '../support/session-lab.ts';

const ed25519 = makeTestKey();
const rsa = makeTestKey('rsa');
const next = makeTestKey('ecdsa-256');
const keys = {
  hostKeys: [await hostKeyOf(ed25519), await hostKeyOf(rsa)],
  nextHostKeys: [await hostKeyOf(next)],
};

function readerOf(payload: Buffer): WireReader {
  const reader = new WireReader(payload, 'a message in a test');
  reader.byte();
  return reader;
}

describe('EXT_INFO', () => {
  test('tells which signatures, host-bound logins and pings we take (RFC 8308, PROTOCOL §1.9, §3.1)', async () => {
    const { port } = await startServer();
    const peer = await SshPeer.login(port, userKey);
    const reader = readerOf(peer.received.entries.find(payload => payload[0] === Message.EXT_INFO)!);
    const told = Array.from({ length: reader.uint32() }, () => [reader.text(), reader.text()]);
    expect(reader.remaining).toBe(0);
    expect(told).toEqual([
      ['server-sig-algs', expect.stringMatching(/^ssh-ed25519,.*rsa-sha2-512.*rsa-sha2-256/)],
      ['publickey-hostbound@openssh.com', '0'],
      ['ping@openssh.com', '0'],
    ]);
  });
});

describe('ping@openssh.com', () => {
  const ping = (text: string): Buffer => message(byte(Message.PING), string(text));

  test('is answered with what it carried, before login and after it', async () => {
    const { port } = await startServer();
    const peer = await SshPeer.connect(port);
    peer.send(ping('before'));
    await peer.received.until(() => peer.numbers.includes(Message.PONG), 'a PONG');
    peer.send(byte(Message.SERVICE_REQUEST), string('ssh-userauth'));
    peer.sendSigned('user', userKey);
    await peer.received.until(() => peer.numbers.includes(Message.USERAUTH_SUCCESS), 'login');
    peer.send(ping(''));
    await peer.received.until(() => peer.numbers.filter(number => number === Message.PONG).length === 2, 'two PONGs');
    const pongs = peer.received.entries.filter(payload => payload[0] === Message.PONG);
    expect(pongs.map(pong => readerOf(pong).text())).toEqual(['before', '']);
  });

  test('that is cut off ends the connection', async () => {
    const { port } = await startServer();
    const peer = await SshPeer.login(port, userKey);
    peer.send(ping('four').subarray(0, 7));
    expect((await peer.gone()).text).toBe('peer broke RFC 4251 §5: PING ends 2 bytes too early');
  });
});

describe('host keys (PROTOCOL §2.5)', () => {
  async function loggedIn(serverHostKey: string): Promise<SshPeer> {
    const { port } = await startServer(keys);
    return SshPeer.login(port, userKey, { serverHostKey: [serverHostKey] });
  }

  async function ask(peer: SshPeer, ...blobs: Buffer[]): Promise<Buffer> {
    peer.send(
      byte(Message.GLOBAL_REQUEST),
      string('hostkeys-prove-00@openssh.com'),
      boolean(true),
      ...blobs.map(string),
    );
    return peer.next();
  }

  test('are told after login, those of the future included', async () => {
    const peer = await loggedIn('ssh-ed25519');
    await peer.barrier();
    const [told] = peer.globalRequests.entries;
    const reader = readerOf(told!);
    expect([reader.text(), reader.boolean()]).toEqual(['hostkeys-00@openssh.com', false]);
    expect([reader.string(), reader.string(), reader.string(), reader.remaining]).toEqual([
      ...[ed25519, rsa, next].map(({ blob }) => blob),
      0,
    ]);
  });

  // the algorithm of the handshake, and that of the proof for each key: OpenSSH's client takes no other for RSA
  const proofs: Array<[handshake: string, proof: Array<[key: TestKey, algorithm: string]>]> = [
    [
      'ssh-ed25519',
      [
        [next, 'ecdsa-sha2-nistp256'],
        [rsa, 'rsa-sha2-512'],
      ],
    ],
    ['rsa-sha2-512', [[rsa, 'rsa-sha2-512']]],
    ['rsa-sha2-256', [[rsa, 'rsa-sha2-256']]],
  ];
  for (const [handshake, wanted] of proofs) {
    test(`are proved after a handshake by ${handshake}, over this very session`, async () => {
      const peer = await loggedIn(handshake);
      const answer = await ask(peer, ...wanted.map(([{ blob }]) => blob));
      expect(answer[0]).toBe(Message.REQUEST_SUCCESS);
      const reader = readerOf(answer);
      for (const [{ blob }, algorithm] of wanted) {
        const read = readPublicKey(blob);
        if ('refused' in read) throw new Error(read.refused);
        expect(read.key.verify(algorithm, hostKeyProofData(peer.sessionId, blob), reader.string())).toBe(true);
      }
      expect(reader.remaining).toBe(0);
    });
  }

  const refused: Array<[what: string, blobs: Buffer[]]> = [
    ['a key that is not ours', [next.blob, makeTestKey().blob]],
    ['no key', []],
    ['more keys than there are', [next.blob, next.blob, next.blob, next.blob]],
    ['what is no key', [Buffer.alloc(0)]],
  ];
  for (const [what, blobs] of refused) {
    test(`are not proved when the client asks about ${what}`, async () => {
      const peer = await loggedIn('ssh-ed25519');
      expect([...(await ask(peer, ...blobs))]).toEqual([Message.REQUEST_FAILURE]);
    });
  }
});

describe('publickey-hostbound-v00@openssh.com (PROTOCOL §3.1)', () => {
  const method = 'publickey-hostbound-v00@openssh.com';
  const fields = (bound: TestKey): Buffer[] => [
    ...[byte(Message.USERAUTH_REQUEST), string('user'), string('ssh-connection'), string(method)].map(field =>
      Buffer.from(field),
    ),
    ...[boolean(true), string('ssh-ed25519'), string(userKey.blob), string(bound.blob)].map(field =>
      Buffer.from(field),
    ),
  ];
  const login = (peer: SshPeer, bound: TestKey): void => {
    const request = fields(bound);
    peer.send(...request, string(userKey.sign('ssh-ed25519', message(string(peer.sessionId), ...request))));
  };

  test('logs in by a signature for the host key of this connection', async () => {
    const { port, report } = await startServer(keys);
    const peer = await SshPeer.connect(port);
    await peer.requestService();
    login(peer, ed25519);
    await peer.expect(Message.USERAUTH_SUCCESS);
    expect(await report('login-accepted')).toMatchObject({ method, key: userKey.fingerprint });
  });

  test('ends the connection when the signature is for another host key, though it is one of ours', async () => {
    const { port } = await startServer(keys);
    const peer = await SshPeer.connect(port);
    await peer.requestService();
    login(peer, rsa);
    expect((await peer.gone()).text).toContain('OpenSSH PROTOCOL §3.1: a login for another host key');
  });
});

describe('no-more-sessions@openssh.com (PROTOCOL §2.2)', () => {
  test('lets those that are open go on, and ends a connection that asks for another all the same', async () => {
    const { port } = await startServer({}, stay);
    const peer = await SshPeer.login(port, userKey);
    const first = await peer.openSession();
    peer.send(byte(Message.GLOBAL_REQUEST), string('no-more-sessions@openssh.com'), boolean(false));
    expect(await first.request('shell')).toBe('success');
    peer.openSession().catch(() => undefined);
    expect((await peer.gone()).text).toContain('OpenSSH PROTOCOL §2.2: a session after no-more-sessions');
  });
});

describe('keepalive@openssh.com, with clientAliveInterval and clientAliveCountMax', () => {
  const asked = (peer: SshPeer): number => peer.globalRequests.entries.length - 1;

  test('a client that leaves so many questions unanswered is sent away, and the log says why', async () => {
    const { port, report } = await startServer({ clientAliveInterval: 5, clientAliveCountMax: 3 });
    const peer = await SshPeer.login(port, userKey);
    expect((await peer.gone()).text).toMatch(/^the peer has gone/);
    const questions = peer.globalRequests.entries.slice(1).map(payload => readerOf(payload).text());
    expect(questions).toEqual(Array(3).fill('keepalive@openssh.com'));
    expect((await report('connection-closed')).reason).toMatch(/the peer has gone/);
  });

  test('one that answers, whatever it answers, stays', async () => {
    const { port } = await startServer({ clientAliveInterval: 10, clientAliveCountMax: 20 });
    const peer = await SshPeer.login(port, userKey);
    for (let count = 1; count <= 25; count += 1) {
      await peer.globalRequests.until(() => asked(peer) >= count || peer.closed, 'a question');
      if (!peer.closed) peer.send(byte(Message.REQUEST_FAILURE));
    }
    expect(peer.closed).toBe(false);
  });
});
