/** What a peer may not say, and the rule it breaks: one disconnect, and nothing after it is heard. RFC 4254. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { DisconnectReason, Message } from '../../ssh/codes.ts';
import { byte, message } from '../../ssh/wire.ts';
import { turns } from '../support/turns.ts';
import { Bench, window } from './bench.ts';
import * as peer from './messages.ts';

let bench: Bench;
afterEach(() => bench.end());

const full = 'x'.repeat(window);
const nobody = 99;

// what the peer sends on a connection with one open session, number 0; the rule it breaks; what we saw
const breaches: Array<[what: string, messages: Buffer[], rule: string, seen: string]> = [
  ['data for a channel that is not there', [peer.data(nobody, 'x')], 'RFC 4254 §5', 'there is no channel 99'],
  ['EOF for a channel that is not there', [peer.eof(nobody)], 'RFC 4254 §5', 'there is no channel 99'],
  ['CLOSE for a channel that is not there', [peer.close(nobody)], 'RFC 4254 §5', 'there is no channel 99'],
  ['a request for a channel that is not there', [peer.request(nobody, 'shell')], 'RFC 4254 §5', 'no channel 99'],
  ['a window for a channel that is not there', [peer.adjust(nobody, 1)], 'RFC 4254 §5', 'there is no channel 99'],
  ['the number of a channel of its own', [peer.data(peer.peersId, 'x')], 'RFC 4254 §5', 'there is no channel 7'],
  ['one byte beyond the window', [peer.data(0, `${full}x`)], 'RFC 4254 §5.2', '1 bytes more than the window allows'],
  [
    'one byte beyond the window, in two pieces',
    [peer.data(0, 'x'.repeat(400)), peer.data(0, 'x'.repeat(601))],
    'RFC 4254 §5.2',
    '1 bytes',
  ],
  ['one byte of stderr beyond the window', [peer.extended(0, `${full}x`)], 'RFC 4254 §5.2', '1 bytes more'],
  ['data after EOF', [peer.eof(0), peer.data(0, 'x')], 'RFC 4254 §5.3', 'data after EOF'],
  ['stderr after EOF', [peer.eof(0), peer.extended(0, 'x')], 'RFC 4254 §5.3', 'data after EOF'],
  ['EOF twice', [peer.eof(0), peer.eof(0)], 'RFC 4254 §5.3', 'EOF twice'],
  ['CLOSE twice', [peer.close(0), peer.close(0)], 'RFC 4254 §5', 'there is no channel 0'],
  ['data after CLOSE', [peer.close(0), peer.data(0, 'x')], 'RFC 4254 §5', 'there is no channel 0'],
  ['a window above 2^32 - 1', [peer.adjust(0, 0xffff_ffff)], 'RFC 4254 §5.2', 'window above'],
  ['success for no request', [peer.success(0)], 'RFC 4254 §5.4', 'a reply to no request'],
  ['failure for no request', [peer.failure(0)], 'RFC 4254 §5.4', 'a reply to no request'],
  ['a yes to an open that we never sent', [peer.confirm(0)], 'RFC 4254 §5.1', 'channel 0, which was not asked for'],
  ['a no to an open that we never sent', [peer.refuse(5, 1, 'no')], 'RFC 4254 §5.1', 'which was not asked for'],
  ['success of no global request', [message(byte(Message.REQUEST_SUCCESS))], 'RFC 4254 §4', 'no global request'],
  ['failure of no global request', [message(byte(Message.REQUEST_FAILURE))], 'RFC 4254 §4', 'no global request'],
];

describe('each is a disconnect that names the rule', () => {
  for (const [what, messages, rule, seen] of breaches) {
    test(`${what} (${rule})`, () => {
      bench = new Bench();
      bench.session();
      bench.link.receive(...messages);
      expect(bench.link.disconnected?.reason).toBe(DisconnectReason.PROTOCOL_ERROR);
      expect(bench.link.disconnected?.text.startsWith(`peer broke ${rule}: `)).toBe(true);
      expect(bench.link.disconnected?.text).toContain(seen);
    });
  }

  test('more than 32 requests waiting for an answer (RFC 4254 §5.4)', () => {
    bench = new Bench();
    bench.session();
    for (let count = 0; count < 32; count += 1) bench.link.receive(peer.request(0, 'env'));
    expect(bench.link.disconnected).toBeUndefined();
    bench.link.receive(peer.request(0, 'env'));
    expect(bench.link.disconnected?.text).toBe('peer broke RFC 4254 §5.4: more than 32 requests waiting for an answer');
  });

  test('a piece of data larger than the maximum packet size that we gave (RFC 4254 §5.2)', () => {
    bench = new Bench({ initialWindowSize: 100_000 });
    bench.session();
    bench.link.receive(peer.data(0, 'x'.repeat(32_768)), peer.extended(0, 'x'.repeat(32_768)));
    expect(bench.link.disconnected).toBeUndefined();
    bench.link.receive(peer.data(0, 'x'.repeat(32_769)));
    expect(bench.link.disconnected?.text).toContain('RFC 4254 §5.2: 32769 bytes in one message');
  });

  test('nothing that comes behind a breach is heard', async () => {
    bench = new Bench();
    const { protocol } = bench.session();
    bench.link.receive(peer.eof(nobody), peer.data(0, 'x'), peer.open('session'));
    await turns(2);
    expect([protocol.received, bench.opened.length]).toEqual([0, 1]);
  });
});

// a whole message of each kind for an open session, and its shortest length that is complete
const messages: Array<[name: string, whole: Buffer, complete: number]> = [
  ['GLOBAL_REQUEST', peer.globalRequest('x', true), 7],
  ['CHANNEL_OPEN', peer.open('session'), 24],
  ['CHANNEL_WINDOW_ADJUST', peer.adjust(0, 1), 9],
  ['CHANNEL_DATA', peer.data(0, 'abc'), 12],
  ['CHANNEL_EXTENDED_DATA', peer.extended(0, 'abc'), 16],
  ['CHANNEL_EOF', peer.eof(0), 5],
  ['CHANNEL_CLOSE', peer.close(0), 5],
  ['CHANNEL_REQUEST', peer.request(0, 'env', true), 13],
  ['CHANNEL_SUCCESS', peer.success(0), 5],
  ['CHANNEL_FAILURE', peer.failure(0), 5],
];

describe('a message cut at any byte is a breach of RFC 4251 §5', () => {
  for (const [name, whole, complete] of messages) {
    test(name, () => {
      expect(whole.length).toBe(complete);
      for (let length = 1; length < complete; length += 1) {
        bench = new Bench();
        bench.session();
        bench.link.receive(whole.subarray(0, length));
        expect(bench.link.disconnected?.text).toMatch(/RFC 4251 §5: \w+ ends \d+ bytes too early/);
        bench.end();
      }
    });
  }

  for (const [name, whole] of [
    ['CHANNEL_OPEN_CONFIRMATION', peer.confirm(0)],
    ['CHANNEL_OPEN_FAILURE', peer.refuse(0, 1, 'no').subarray(0, 15)],
  ] as const) {
    test(`${name}, and whoever asked for the channel is told`, async () => {
      for (let length = 1; length < whole.length; length += 1) {
        bench = new Bench();
        const channel = bench.connection.openChannel('session');
        bench.link.receive(whole.subarray(0, length));
        expect(bench.link.disconnected?.text).toMatch(/RFC 4251 §5: \w+ ends \d+ bytes too early/);
        bench.end();
        await expect(channel).rejects.toThrow('the connection was lost');
      }
    });
  }

  test('an empty message is answered with UNIMPLEMENTED and harms nobody', () => {
    bench = new Bench();
    bench.link.receive(Buffer.alloc(0));
    expect([bench.link.rejected, bench.link.disconnected]).toEqual([1, undefined]);
  });
});

describe('a message with a number that RFC 4254 does not have', () => {
  const known: ReadonlySet<number> = new Set(Object.values(Message));

  test('is answered with UNIMPLEMENTED, and the connection goes on (RFC 4253 §11.4)', () => {
    bench = new Bench();
    const { protocol } = bench.session();
    const unknown = Array.from({ length: 256 }, (_, number) => number).filter(
      number => number >= 80 && !known.has(number),
    );
    for (const number of unknown) bench.link.receive(Buffer.from([number, 0, 0, 0, 0]));
    expect(bench.link.rejected).toBe(unknown.length);
    bench.link.receive(peer.data(0, 'still here'));
    expect(protocol.text).toBe('still here');
  });

  test('and a login request after login is ignored without an answer (RFC 4252 §5.1)', () => {
    bench = new Bench();
    bench.link.receive(Buffer.from([Message.USERAUTH_REQUEST, 1, 2, 3]));
    expect([bench.link.rejected, bench.link.sent, bench.link.disconnected]).toEqual([0, [], undefined]);
  });
});
