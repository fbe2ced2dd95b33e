/**
 * What the engine says of packets and key exchanges that are wrong, and the rule that they break; OpenSSL gives no reason
 * for a wrong GCM tag. Facts: ssh2 1.17.0, lib/protocol/crypto.js and kex.js.
 */
import { RemoteProtocolError } from '../../transport/errors.ts';

/** `$1` in what was seen is what the engine named. */
type Breaches = ReadonlyArray<readonly [says: RegExp, rule: string, seen: string]>;

const damage: Breaches = [
  [
    /^Invalid MAC.*|.*unable to authenticate.*|^error:0{8}:.*/s,
    'RFC 4253 §6.4',
    'a packet was damaged on its way: its MAC is wrong',
  ],
  [/^Bad packet length.*/, 'RFC 4253 §6', 'a packet has a length that no packet has'],
  [/^Invalid typed array length.*/, 'RFC 4253 §6', 'a packet has more padding than it is long'],
];

const failedExchanges: Breaches = [
  [/^Handshake failed: no matching (.*)/, 'RFC 4253 §7.1', 'no $1 that both sides have'],
  [/^Handshake failed: (.*)/, 'RFC 4253 §7.1', '$1'],
  [/^Received unexpected packet type (\d+).*/, 'RFC 4253 §7.1', 'message $1 during a key exchange'],
  [/^Received packet (\d+ instead of \d+)/, 'RFC 4253 §7.1', 'message $1'],
  [/^Received malformed (.*)/, 'RFC 4253 §7.1', 'a malformed $1'],
  [/^Received extra (\w+).*/, 'RFC 4253 §7.1', 'an extra $1'],
  [/^Inbound: Malformed (.*) packet/, 'RFC 4253 §11', 'a malformed $1'],
  [/(.*)/s, 'RFC 4253 §7', '$1'],
];

/** Anything but damage is a fault of our own side, and stays what it is. */
export const breachOf = (error: Error): Error => breachIn(damage, error);

/** What the engine gives up over is the peer's doing, unless one of our own keys did not sign. */
export const failedExchange = (error: Error): Error =>
  error instanceof RemoteProtocolError || /signature (?:generation|conversion) failed/.test(error.message)
    ? error
    : breachIn(failedExchanges, error);

function breachIn(breaches: Breaches, error: Error): Error {
  const breach = breaches.find(([says]) => says.test(error.message));
  if (!breach) return error;
  const [says, rule, seen] = breach;
  return new RemoteProtocolError(rule, error.message.replace(says, seen), { cause: error });
}
