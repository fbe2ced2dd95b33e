/** Packets and key exchanges that are wrong before there are keys: each is the peer's breach by name, never a fault of ours. */
import { describe, expect, test } from '@jest/globals';
import { Message } from '../../../ssh/codes.ts';
import { relaxStrictness } from '../../../ssh/ssh2/kex-strictness.ts';
import { STOP, type Engine } from '../../../ssh/ssh2/library.ts';
import { byte, message, string, uint32 } from '../../../ssh/wire.ts';
import { done } from '../../../transport/close-reason.ts';
import { loopback } from '../../../transport/memory/loopback.ts';
import { kexInit } from '../../fuzz/messages.ts';
import { Random } from '../../fuzz/random.ts';
import { plainPacket } from '../../support/plain-packet.ts';
import { Recorder } from '../../support/recorder.ts';
import { ServerEnd } from '../../../ssh/test-ends.ts';

const random = new Random(1);
const init = (compression = 'none'): Buffer => message(...kexInit(random, true, compression, false));
const publicValue = message(byte(30), string(random.bytes(32)));
const exchangeReply = message(byte(31), string('key'), string('value'), string('signature'));

/** With padding that is said to be longer than the packet. */
function overpadded(payload: Buffer): Buffer {
  const packet = plainPacket(payload);
  packet[4] = 255;
  return packet;
}

// what the peer sends behind its identification, the rule it breaks, what we saw
const breaches: Array<[what: string, packets: Buffer[], rule: string, seen: string]> = [
  ['more padding than packet', [overpadded(init())], '§6', 'a packet has more padding than it is long'],
  ['a public value before KEXINIT', [plainPacket(publicValue)], '§7.1', 'message 30 before KEXINIT'],
  ['NEWKEYS before KEXINIT', [plainPacket(Buffer.of(21))], '§7.1', 'message 21 before KEXINIT'],
  ['NEWKEYS before the public value', [init(), Buffer.of(21)].map(plainPacket), '§7.1', 'message 21 instead of 30'],
  ['two public values', [init(), publicValue, publicValue].map(plainPacket), '§7.1', 'message 30 instead of 21'],
  ['KEXINIT twice', [init(), init()].map(plainPacket), '§7.1', 'an extra KEXINIT'],
  ['a KEXINIT that is cut short', [plainPacket(init().subarray(0, 100))], '§7.1', 'a malformed KEXINIT'],
  ['half a public value', [init(), publicValue.subarray(0, 9)].map(plainPacket), '§7.1', 'a malformed KEX*_INIT'],
  ['a server’s answer', [init(), exchangeReply].map(plainPacket), '§7.1', 'message 31 instead of 30'],
  ['a login request', [init(), Buffer.of(50)].map(plainPacket), '§7.1', 'message 50 during a key exchange'],
  // Forbidden by strictness, which is for the first exchange: OpenSSH PROTOCOL §1.10
  [
    'IGNORE',
    [init(), message(byte(Message.IGNORE), string(''))].map(plainPacket),
    '§7.1',
    'message 2 during a key exchange',
  ],
  ['compression alone', [plainPacket(init('zlib'))], '§7.1', 'no C->S compression that both sides have'],
  ['half a DISCONNECT', [init(), Buffer.of(1, 0)].map(plainPacket), '§11', 'a malformed DISCONNECT'],
];

describe('a peer without keys ends its connection by', () => {
  for (const [what, packets, section, seen] of breaches) {
    test(`${what} (RFC 4253 ${section})`, async () => {
      const ours = await afterSending(packets);
      expect(ours.reason).toMatchObject({
        kind: 'protocol-error',
        error: { code: 'ERR_REMOTE_PROTOCOL', message: `peer broke RFC 4253 ${section}: ${seen}` },
      });
    });
  }

  test('DISCONNECT in the middle of a key exchange: we hear why', async () => {
    const goodbye = message(byte(Message.DISCONNECT), uint32(2), string('changed my mind'), string(''));
    const ours = await afterSending([init(), goodbye].map(plainPacket));
    expect(ours.reason).toMatchObject({ kind: 'lost', error: { message: 'peer disconnected: changed my mind (2)' } });
  });

  test('DISCONNECT: nothing behind it is heard, not even the rest of the key exchange', async () => {
    const goodbye = message(byte(Message.DISCONNECT), uint32(11), string('bye'), string(''));
    const ours = await afterSending([init(), goodbye, publicValue, Buffer.of(21)].map(plainPacket));
    expect([ours.exchanges, ours.reason]).toEqual([0, done]);
  });

  test('DISCONNECT in a later exchange: nothing behind it is heard either', () => {
    const heard: number[] = [];
    const engine = { _decipher: { _onPayload: ([number]: Buffer) => void heard.push(number!) } } as unknown as Engine;
    relaxStrictness(engine);
    const answers = [30, Message.DISCONNECT].map(number => engine._decipher._onPayload(Buffer.of(number)));
    expect([heard, answers]).toEqual([
      [30, Message.DISCONNECT],
      [undefined, STOP],
    ]);
  });
});

/** Our end of a connection that has ended. */
async function afterSending(packets: readonly Buffer[]): Promise<ServerEnd> {
  const peer = new Recorder();
  const ours = new ServerEnd();
  loopback(peer, ours.link);
  peer.transport.write(Buffer.concat([Buffer.from('SSH-2.0-peer\r\n'), ...packets]));
  await ours.ended();
  await peer.ended();
  return ours;
}
