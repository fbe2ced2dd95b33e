/** The pair of ends that other tests stand on: real ones, with what the test chooses, and gone when it is over. */
import { describe, expect, test } from '@jest/globals';
import type { Channel } from '../../ssh/channel.ts';
import { delayed, sshPair } from '../../ssh/testing.ts';
import { loopbackRelay, type LoopbackRelay } from '../../transport/memory/loopback-relay.ts';
import { HalfCloseableRecorder } from '../support/recorder.ts';
import { tapped } from '../support/tapped-link.ts';
import { turns } from '../support/turns.ts';
import { numberOf } from './messages.ts';

const nothing = Buffer.alloc(0);

describe('a pair', () => {
  test('has two connections that open channels to each other', async () => {
    const heard = new HalfCloseableRecorder();
    const opened = (channel: Channel): void => channel.start(heard);
    await using pair = await sshPair({ server: { connection: { channelTypes: { test: { opened } } } } });
    const channel = await pair.client.connection.openChannel('test');
    channel.start(new HalfCloseableRecorder());
    channel.write(Buffer.from('hello'));
    await heard.until(() => heard.text === 'hello');
  });

  test('uses the algorithms, the windows and the packets that it is given', async () => {
    const sent: Buffer[] = [];
    await using pair = await sshPair({
      both: { algorithms: { kex: ['curve25519-sha256'], ciphers: ['chacha20-poly1305@openssh.com'] } },
      client: { connection: { initialWindowSize: 7, maxPacketSize: 3 } },
      server: {
        connection: { channelTypes: { test: { opened: channel => channel.start(new HalfCloseableRecorder()) } } },
        wrap: link =>
          tapped(link, {
            received: payload => {
              sent.push(payload);
              return payload;
            },
          }),
      },
    });
    await pair.client.connection.openChannel('test');
    const open = sent.find(payload => numberOf(payload) === 90)!;
    expect([open.readUInt32BE(open.length - 8), open.readUInt32BE(open.length - 4)]).toEqual([7, 3]);
    expect(pair.server.handshake).toMatchObject({
      kex: 'curve25519-sha256',
      cs: { cipher: 'chacha20-poly1305@openssh.com' },
    });
  });

  test('moves only when it is pumped, on a relay', async () => {
    let relay!: LoopbackRelay;
    const opening = sshPair({ join: (client, server) => (relay = loopbackRelay(client, server)) });
    await relay.pumpAll();
    await using pair = await opening;
    const answer = pair.client.connection.request('anything', nothing, true);
    let answered = false;
    void answer.then(() => (answered = true));
    await turns(20);
    expect(answered).toBe(false);
    await relay.pumpAll();
    expect(await answer).toBe(false);
  });

  test('arrives whole over a line that is slow', async () => {
    let next = 0;
    await using pair = await sshPair({ join: delayed(() => (next = (next + 3) % 5)) });
    const answers = Array.from({ length: 20 }, () => pair.client.connection.request('anything', nothing, true));
    expect(await Promise.all(answers)).toEqual(Array(20).fill(false));
  });

  test('takes so many turns for each delivery as a slow line is told', async () => {
    const opening = sshPair({ join: delayed(() => 30) });
    let made = false;
    void opening.then(() => (made = true));
    await turns(60);
    expect(made).toBe(false);
    await using pair = await opening;
    expect(pair.client.exchanges).toBe(1);
  });

  test('exchanges keys again when a limit of its own is reached', async () => {
    await using pair = await sshPair({ both: { keyLimits: { rekeyPackets: 10 } } });
    for (let count = 0; count < 40; count += 1) await pair.client.connection.request('anything', nothing, true);
    expect(pair.client.exchanges).toBeGreaterThan(3);
    expect(pair.server.exchanges).toBe(pair.client.exchanges);
  });

  test('has ended at both ends when it is disposed of', async () => {
    const pair = await sshPair();
    await pair[Symbol.asyncDispose]();
    expect([pair.client, pair.server].map(({ reason }) => reason?.kind)).toEqual(['aborted', 'aborted']);
  });

  test('that cannot be made says why, and leaves nothing behind', async () => {
    const [client, server] = [['aes128-ctr'], ['aes256-ctr']].map(ciphers => ({ algorithms: { ciphers } }));
    await expect(sshPair({ client: client!, server: server! })).rejects.toMatchObject({
      code: 'ERR_CONNECTION_LOST',
      message: expect.stringContaining('RFC 4253 §7.1: no C->S cipher that both sides have'),
    });
  });
});
