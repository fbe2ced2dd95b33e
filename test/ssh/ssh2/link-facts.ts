/** What must hold between our packet link and the stock ssh2 client, with its compiled code and without. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { describe, expect, test } from '@jest/globals';
import { algorithmProfiles } from '../../../ssh/algorithms.ts';
import type { Channel } from '../../../ssh/channel.ts';
import type { ConnectionOptions } from '../../../ssh/connection-options.ts';
import { DisconnectReason, Message } from '../../../ssh/codes.ts';
import { softwareVersion } from '../../../ssh/ident.ts';
import type { KeyLimits } from '../../../ssh/key-age.ts';
import { boolean, byte, message, string, uint32 } from '../../../ssh/wire.ts';
import { RemoteProtocolError } from '../../../transport/errors.ts';
import { loopback } from '../../../transport/memory/loopback.ts';
import { plainPacket } from '../../support/plain-packet.ts';
import { Recorder } from '../../support/recorder.ts';
import { turns } from '../../support/turns.ts';
import { globalRequest, open, request } from '../messages.ts';
import { newHostKey, ServerEnd } from '../../../ssh/test-ends.ts';
import { forcePacket, join, joinReady, nativeCrypto, type Joined, type StockClient } from './stock-client.ts';

const { compatible } = algorithmProfiles;

/** Sessions that answer yes to everything and send back what they get. */
const echo: ConnectionOptions = {
  channelTypes: {
    session: {
      opened: (channel: Channel) => {
        channel.onRequest(() => true);
        channel.start(new Recorder({ dataReceived: data => channel.write(data) }));
      },
    },
  },
};

export function linkFacts(): void {
  describe('the handshake', () => {
    test('completes, and the client sees the host key that we gave', async () => {
      const key = newHostKey();
      let seen: Buffer | undefined;
      const hostVerifier = (shown: Buffer): boolean => (seen = shown).equals(key.blob);
      const { client, ours } = await joinReady({ link: { hostKeys: [key] }, client: { hostVerifier } });
      expect(seen).toEqual(Buffer.from(key.blob));
      expect(ours.handshake).toMatchObject({
        serverHostKey: 'ssh-ed25519',
        peerSoftware: expect.stringMatching(/^ssh2js/),
      });
      expect(ours.handshake.sessionId.length).toBe(32);
      await goodbye({ client, ours });
    });

    test('fails at a client that does not know the key, and our side hears that it is over', async () => {
      const { ours, errors } = join({ client: { hostVerifier: () => false } });
      await ours.ended();
      expect(ours.exchanges).toBe(0);
      expect(errors[0]?.message).toMatch(/Host denied/);
    });

    const choices: Array<[kind: 'kex' | 'cipher' | 'hmac', algorithm: string]> = [
      // The stock client knows no hybrid method: key-exchange.test.ts has that.
      ...compatible.kex.filter(name => !name.startsWith('mlkem')).map((name): ['kex', string] => ['kex', name]),
      ...compatible.ciphers.map((name): ['cipher', string] => ['cipher', name]),
      ...compatible.macs.map((name): ['hmac', string] => ['hmac', name]),
    ];
    for (const [kind, algorithm] of choices) {
      test(`completes with ${algorithm}, and data passes`, async () => {
        const algorithms = { [kind]: [algorithm], ...(kind === 'hmac' ? { cipher: ['aes128-ctr'] } : {}) };
        const joined = await joinReady({ link: { algorithms: compatible }, client: { algorithms }, connection: echo });
        expect(JSON.stringify(joined.ours.handshake)).toContain(algorithm);
        await echoes(joined.client, randomBytes(10_000));
        await goodbye(joined);
      });
    }

    test('tells the client which signatures we take, as a list with commas (stock ssh2 runs two names together)', async () => {
      const signatureAlgorithms = ['ssh-ed25519', 'ecdsa-sha2-nistp521', 'rsa-sha2-512', 'rsa-sha2-256'];
      const joined = join({ link: { signatureAlgorithms } });
      const told: unknown[] = [];
      joined.client._protocol._handlers['EXT_INFO'] = (_engine: never, extensions: never) => told.push(extensions);
      await once(joined.client, 'ready');
      expect(told).toEqual([[{ name: 'server-sig-algs', algs: signatureAlgorithms }]]);
      await goodbye(joined);
    });
  });

  describe('a packet', () => {
    const algorithms = [
      ...compatible.ciphers.map(cipher => ({ cipher: [cipher] })),
      ...compatible.macs.map(hmac => ({ cipher: ['aes128-ctr'], hmac: [hmac] })),
    ];

    for (const offer of algorithms) {
      test(`of 200 KiB is read once the client has logged in, under ${Object.values(offer).join(' and ')}`, async () => {
        const asked: Buffer[] = [];
        const opened = (channel: Channel): void =>
          channel.onRequest((_type, data) => asked.push(Buffer.from(data)) > 0);
        const connection = { channelTypes: { session: { opened } } };
        const client = { algorithms: offer };
        const joined = await joinReady({ link: { algorithms: compatible }, client, connection });
        const command = randomBytes(200 * 1024);
        forcePacket(joined.client._protocol, open('session'));
        forcePacket(joined.client._protocol, request(0, 'exec', false, message(string(command))));
        for (let round = 0; round < 1_000 && asked.length === 0 && !joined.ours.reason; round += 1) await turns(1);
        expect(asked[0]?.subarray(4).equals(command)).toBe(true);
        await goodbye(joined);
      });
    }

    test('above 256 KiB ends the connection, and both ends hear why', async () => {
      const { client, ours } = await joinReady();
      const told: unknown[][] = [];
      client._protocol._handlers['DISCONNECT'] = (_engine: never, ...what: never[]) => told.push(what);
      forcePacket(client._protocol, Buffer.alloc(256 * 1024, Message.IGNORE));
      const text = 'peer broke RFC 4253 §6.1: a packet says that it is of 262160 bytes, and may be of 262144';
      expect(await ours.ended()).toMatchObject({ kind: 'protocol-error', error: { message: text } });
      expect(told).toEqual([[DisconnectReason.PROTOCOL_ERROR, text]]);
    });

    test('above 35 000 bytes is not taken from a client that has not logged in', async () => {
      const { client, ours } = join();
      await once(client, 'handshake');
      forcePacket(client._protocol, Buffer.alloc(36_000, Message.IGNORE));
      expect(await ours.ended()).toMatchObject({ kind: 'protocol-error', error: { rule: 'RFC 4253 §6.1' } });
    });
  });

  describe('packets of bulk data', () => {
    /** Has the transport below take what is lent to it as a socket does: copied, and then the link's again. */
    function lendTo({ below }: Joined): Set<unknown> {
      const memories = new Set<unknown>();
      const lend = (data: Buffer, returned: () => void): void => {
        if (data.length > 32_768) memories.add(data.buffer);
        below.write(Buffer.from(data));
        data.fill(0xff);
        queueMicrotask(returned);
      };
      Object.assign(below, { lend });
      return memories;
    }

    for (const cipher of compatible.ciphers) {
      test(`are sealed in memory that came back, and arrive whole, under ${cipher}`, async () => {
        const client = { algorithms: { cipher: [cipher] } };
        const joined = await joinReady({ link: { keyLimits: { rekeyBytes: 1_000_000 } }, client, connection: echo });
        const memories = lendTo(joined);
        await echoes(joined.client, randomBytes(3_000_000));
        if (nativeCrypto()) expect(memories.size).toBeGreaterThan(0);
        expect(memories.size).toBeLessThan(20);
        await goodbye(joined);
      });
    }
  });

  describe('a key exchange in the middle of the traffic loses nothing', () => {
    const load = randomBytes(1_500_000);

    test('when we start it, again and again', async () => {
      const joined = await joinReady({ link: { keyLimits: { rekeyBytes: 200_000 } }, connection: echo });
      let exchanges = 0;
      joined.client.on('handshake', () => (exchanges += 1));
      await echoes(joined.client, load);
      expect(exchanges).toBeGreaterThan(3);
      await goodbye(joined);
    });

    test('when the client starts it, again and again', async () => {
      const joined = await joinReady({ connection: echo });
      let exchanges = 0;
      joined.client.on('handshake', () => {
        exchanges += 1;
        if (exchanges < 6) joined.client._protocol.rekey();
      });
      joined.client._protocol.rekey();
      await echoes(joined.client, load);
      expect(exchanges).toBe(6);
      await goodbye(joined);
    });

    // RFC 4253 §7.1; asyncssh sends an IGNORE before each of its packets, and goes on with channels
    const anyTime: Array<[name: string, payload: Buffer]> = [
      ['IGNORE', message(byte(Message.IGNORE), string('noise'))],
      ['UNIMPLEMENTED', message(byte(Message.UNIMPLEMENTED), uint32(1))],
      ['DEBUG', message(byte(Message.DEBUG), boolean(false), string('noise'), string(''))],
      ['GLOBAL_REQUEST', message(byte(Message.GLOBAL_REQUEST), string('x'), boolean(false))],
    ];
    test.each(anyTime)('when the client says %s in the middle of it', async (_name, payload) => {
      const joined = await joinReady({ connection: echo });
      joined.client._protocol.rekey();
      forcePacket(joined.client._protocol, payload);
      await once(joined.client, 'handshake');
      forcePacket(joined.client._protocol, payload);
      await echoes(joined.client, load.subarray(0, 10_000));
      expect(joined.ours.exchanges).toBe(2);
      await goodbye(joined);
    });
  });

  describe('a key exchange', () => {
    for (const cipher of compatible.ciphers) {
      test(`loses nothing under full load both ways, both sides starting again and again, with ${cipher}`, async () => {
        const joined = await joinReady({
          ...{ link: { keyLimits: { rekeyBytes: 300_000 } }, connection: echo },
          client: { algorithms: { cipher: [cipher] } },
        });
        let exchanges = 0;
        joined.client.on('handshake', () => {
          exchanges += 1;
          if (exchanges % 2 === 1) setImmediate(() => joined.client._protocol.rekey());
        });
        await echoes(joined.client, randomBytes(1_000_000));
        expect(exchanges).toBeGreaterThan(4);
        await goodbye(joined);
      });
    }

    test('that both sides start at the same moment is one, and nothing is lost', async () => {
      let asked = 0;
      const globalRequests = { 'keepalive@openssh.com': (): boolean => (asked += 1) > 0 };
      const joined = await joinReady({ link: { keyLimits: { rekeyPackets: 40 } }, connection: { globalRequests } });
      const { client, ours } = joined;
      const exchanged = once(client, 'handshake');
      // Our limit is reached by the last of these, when the client's KEXINIT is on its way already.
      for (let count = 0; count < 40; count += 1) client._protocol.ping();
      client._protocol.rekey();
      await exchanged;
      for (let count = 0; count < 5; count += 1) client._protocol.ping();
      for (let round = 0; round < 1_000 && asked < 45 && !ours.reason; round += 1) await turns(1);
      expect([asked, ours.reason]).toEqual([45, undefined]);
      await goodbye(joined);
    });

    test('comes by time too, on a connection on which nothing happens', async () => {
      const joined = await joinReady({ link: { keyLimits: { rekeyTime: 1 } } });
      for (let exchanges = 0; exchanges < 3; exchanges += 1) await once(joined.client, 'handshake');
      joined.wire.transport.abortConnection();
      await joined.ours.ended();
    });

    test('comes by the number of packets (RFC 4344 §3.1)', async () => {
      const joined = await joinReady({ link: { keyLimits: { rekeyPackets: 100 } } });
      const exchanged = once(joined.client, 'handshake');
      for (let count = 0; count < 100; count += 1) joined.client._protocol.ping();
      await exchanged;
      await goodbye(joined);
    });

    // one direction is counted by itself: these messages have no answer
    const ignored = (bytes: number): Buffer => message(byte(Message.IGNORE), string(Buffer.alloc(bytes)));
    const sendThem: Record<string, (joined: Joined, payload: Buffer) => void> = {
      client: ({ client }, payload) => forcePacket(client._protocol, payload),
      server: ({ ours }, payload) => ours.link.send(payload),
    };
    for (const [from, send] of Object.entries(sendThem)) {
      const limits: Array<[what: string, keyLimits: KeyLimits, bytes: number]> = [
        ['bytes', { rekeyBytes: 100_000 }, 10_000],
        ['packets', { rekeyPackets: 10 }, 1],
      ];
      for (const [what, keyLimits, bytes] of limits) {
        test(`comes by ${what} of the ${from}’s alone`, async () => {
          const joined = await joinReady({ link: { keyLimits } });
          const exchanged = once(joined.client, 'handshake');
          for (let count = 0; count < 10; count += 1) send(joined, ignored(bytes));
          await exchanged;
          await goodbye(joined);
        });
      }

      test(`that a client asks for again and again is no breach when something went under the keys from the ${from}`, async () => {
        const joined = await joinReady();
        for (let exchanges = 0; exchanges < 12 && !joined.ours.reason; exchanges += 1) {
          send(joined, ignored(20_000));
          await turns(2);
          const exchanged = once(joined.client, 'handshake');
          joined.client._protocol.rekey();
          await Promise.race([exchanged, joined.ours.ended()]);
        }
        expect(joined.ours.reason).toBeUndefined();
        await goodbye(joined);
      });
    }

    test('that a client asks for again and again, for nothing, is a breach', async () => {
      const { client, ours } = await joinReady();
      let exchanges = 0;
      client.on('handshake', () => {
        exchanges += 1;
        if (exchanges < 20) client._protocol.rekey();
      });
      client._protocol.rekey();
      const why = 'peer broke RFC 4253 §9: new keys again and again, for nothing';
      expect(await ours.ended()).toMatchObject({ kind: 'protocol-error', error: { message: why } });
    });

    test('that a peer leaves unanswered ends the connection before a packet counter comes round', async () => {
      const { client, wire, ours } = await joinReady({ link: { keyLimits: { rekeyPackets: 100 } } });
      wire.transport.pauseProducing();
      for (let count = 0; count < 250 && !ours.reason; count += 1) client._protocol.ping();
      await turns(5);
      wire.transport.resumeProducing();
      expect(await ours.ended()).toMatchObject({
        kind: 'protocol-error',
        error: { message: 'peer broke RFC 4344 §3.1: 200 packets under the same keys' },
      });
    });
  });

  describe('a peer that breaks the rules of RFC 4253 loses its connection', () => {
    test('1 MB of garbage before the identification', async () => {
      const { peer, ours } = raw();
      peer.transport.write(Buffer.alloc(1_000_000, 'A'));
      expect(await ours.ended()).toMatchObject({ kind: 'protocol-error', error: expect.any(RemoteProtocolError) });
      await peer.ended();
      expect(peer.text).toBe(`SSH-2.0-${softwareVersion}\r\n`);
    });

    // a server may say more than a client, ident.ts: here a server is the one that listens
    const identifications: Array<[what: string, said: string]> = [
      ['255 bytes without an end', 'A'.repeat(255)],
      ['an identification of 256 bytes', `SSH-2.0-${'x'.repeat(246)}\r\n`],
      ['a line before the identification', 'hello\r\nSSH-2.0-x\r\n'],
    ];
    for (const [what, said] of identifications) {
      test(what, async () => {
        const { peer, ours } = raw();
        peer.transport.write(Buffer.from(said));
        expect(await ours.ended()).toMatchObject({ kind: 'protocol-error', error: { rule: 'RFC 4253 §4.2' } });
      });
    }

    test('an identification byte by byte is none of these', async () => {
      const { peer, ours } = raw();
      for (const letter of 'SSH-2.0-slow\r\n') peer.transport.write(Buffer.from(letter));
      await peer.until(() => peer.received > 200);
      expect(ours.reason).toBeUndefined();
      peer.transport.loseConnection();
      await ours.ended();
    });

    test('a channel message in the first key exchange', async () => {
      const { peer, ours } = raw();
      peer.transport.write(Buffer.concat([Buffer.from('SSH-2.0-early\r\n'), plainPacket(globalRequest('x'))]));
      expect((await ours.ended()).kind).toBe('protocol-error');
      expect(ours.exchanges).toBe(0);
    });

    test('a login message in a later key exchange', async () => {
      const { client, ours } = await joinReady();
      client._protocol.rekey();
      forcePacket(client._protocol, Buffer.of(Message.USERAUTH_REQUEST));
      expect((await ours.ended()).kind).toBe('protocol-error');
    });

    for (const cipher of compatible.ciphers) {
      test(`one flipped bit under ${cipher}`, async () => {
        const asked: string[] = [];
        const globalRequests = { 'keepalive@openssh.com': (): boolean => asked.push('ping') > 0 };
        const client = { algorithms: { cipher: [cipher] } };
        const joined = await joinReady({ client, connection: { globalRequests } });
        joined.wire.mangle = data => flipped(data);
        joined.client._protocol.ping();
        expect(await joined.ours.ended()).toEqual({ kind: 'protocol-error', error: expect.any(RemoteProtocolError) });
        expect(asked).toEqual([]);
      });
    }
  });

  describe('a disconnect', () => {
    test('of ours tells the client the reason and the text', async () => {
      const { client, ours } = await joinReady();
      const told: unknown[] = [];
      client._protocol._handlers['DISCONNECT'] = (_engine: never, ...what: never[]) => told.push(what);
      ours.link.disconnect(DisconnectReason.BY_APPLICATION, 'the server is going down');
      await ours.ended();
      expect(told).toEqual([[DisconnectReason.BY_APPLICATION, 'the server is going down']]);
    });

    test('for a breach names the rule to the client and to us', async () => {
      const { client, ours } = await joinReady();
      const told: unknown[][] = [];
      client._protocol._handlers['DISCONNECT'] = (_engine: never, ...what: never[]) => told.push(what);
      forcePacket(client._protocol, Buffer.from([94, 0, 0, 0, 9, 0, 0, 0, 0]));
      expect(await ours.ended()).toMatchObject({ kind: 'protocol-error', error: { rule: 'RFC 4254 §5' } });
      expect(told).toEqual([[DisconnectReason.PROTOCOL_ERROR, 'peer broke RFC 4254 §5: there is no channel 9']]);
    });

    test('of the client is an orderly end', async () => {
      const { client, ours } = await joinReady();
      client.end();
      expect(await ours.ended()).toEqual({ kind: 'done' });
    });

    test('of the client with another reason is lost, with its text', async () => {
      const { client, ours } = await joinReady();
      const text = Buffer.from('too bad');
      forcePacket(client._protocol, Buffer.from([1, 0, 0, 0, 3, 0, 0, 0, text.length, ...text, 0, 0, 0, 0]));
      const error = expect.objectContaining({ message: 'peer disconnected: too bad (3)' }) as unknown;
      expect(await ours.ended()).toEqual({ kind: 'lost', error });
    });

    test('of a link that is cut ends it once', async () => {
      const { wire, ours } = await joinReady();
      wire.transport.abortConnection();
      expect((await ours.ended()).kind).toBe('lost');
    });
  });

  test('a peer that asks and leaves our key exchange unanswered is sent away before the replies fill memory', async () => {
    let heard = 0;
    const globalRequests = { 'keepalive@openssh.com': (): boolean => (heard += 1) > 0 };
    const { client, wire, ours } = await joinReady({
      link: { keyLimits: { rekeyBytes: 50_000 } },
      connection: { globalRequests },
    });
    wire.transport.pauseProducing();
    for (let before = -1; before < heard && heard < 30_000;) {
      before = heard;
      for (let count = 0; count < 1_000; count += 1) client._protocol.ping();
      await turns(5);
    }
    wire.transport.resumeProducing();
    expect(await ours.ended()).toMatchObject({ kind: 'protocol-error', error: { rule: 'RFC 4253 §7.1' } });
    expect(heard).toBeLessThan(20_000);
  });

  test('a peer that sends PINGs in the middle of a key exchange cannot fill memory with PONGs (CVE-2025-26466)', async () => {
    const { client, wire, ours } = await joinReady({ link: { keyLimits: { rekeyBytes: 50_000 } } });
    wire.transport.pauseProducing();
    for (let pings = 0; pings < 20_000; pings += 1) {
      forcePacket(client._protocol, Buffer.from([Message.PING, 0, 0, 0, 0]));
      if (pings % 1_000 === 0) await turns(2);
    }
    wire.transport.resumeProducing();
    expect(await ours.ended()).toMatchObject({ kind: 'protocol-error', error: { rule: 'RFC 4253 §7.1' } });
  });

  test('a peer that asks and does not read is not read either, and once it reads nothing was lost', async () => {
    let heard = 0;
    const globalRequests = { 'keepalive@openssh.com': (): boolean => (heard += 1) > 0 };
    const joined = await joinReady({ connection: { globalRequests } });
    const { client, wire, below } = joined;
    let answered = 0;
    client._protocol._handlers['REQUEST_SUCCESS'] = () => (answered += 1);
    wire.transport.pauseProducing();
    let asked = 0;
    for (let before = -1; before < heard && asked < 100_000;) {
      before = heard;
      for (let count = 0; count < 1_000; count += 1) client._protocol.ping();
      asked += 1_000;
      await turns(20);
    }
    expect(heard).toBeLessThan(asked);
    expect(below.queuedBytes).toBeLessThan(1024 * 1024);
    wire.transport.resumeProducing();
    while (answered < asked && !joined.ours.reason) await turns(1);
    expect([heard, answered]).toEqual([asked, asked]);
    await goodbye(joined);
  });
}

/** Our link with a peer that is played by hand. */
function raw(): { peer: Recorder; ours: ServerEnd } {
  const peer = new Recorder();
  const ours = new ServerEnd();
  loopback(peer, ours.link);
  return { peer, ours };
}

function flipped(data: Buffer): Buffer {
  const changed = Buffer.from(data);
  changed[changed.length - 1] = changed[changed.length - 1]! ^ 1;
  return changed;
}

/** Send `bytes` through a session that sends them back. */
async function echoes(client: StockClient, bytes: Buffer): Promise<void> {
  const stream = await new Promise<Duplex>((resolve, reject) =>
    client.exec('cat', (error, stream) => (error ? reject(error) : resolve(stream))),
  );
  const received: Buffer[] = [];
  stream.on('data', (data: Buffer) => received.push(data));
  stream.end(bytes);
  await once(stream, 'end');
  expect(Buffer.concat(received).equals(bytes)).toBe(true);
}

async function goodbye({ client, ours }: Pick<Joined, 'client' | 'ours'>): Promise<void> {
  client.end();
  expect(await ours.ended()).toEqual({ kind: 'done' });
}
