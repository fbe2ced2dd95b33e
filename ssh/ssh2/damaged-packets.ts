/**
 * What the engine says of damaged packets, and the rule that they break; OpenSSL gives no reason for a wrong GCM tag.
 * Facts: ssh2 1.17.0, lib/protocol/crypto.js.
 */
import { RemoteProtocolError } from '../../transport/errors.ts';

const breaches: ReadonlyArray<[says: RegExp, rule: string, seen: string]> = [
  [
    /^Invalid MAC|unable to authenticate|^error:0{8}:/,
    'RFC 4253 §6.4',
    'a packet was damaged on its way: its MAC is wrong',
  ],
  [/^Bad packet length/, 'RFC 4253 §6', 'a packet has a length that no packet has'],
];

/** Anything else is a fault of our own side, and stays what it is. */
export function breachOf(error: Error): Error {
  const breach = breaches.find(([says]) => says.test(error.message));
  return breach ? new RemoteProtocolError(breach[1], breach[2], { cause: error }) : error;
}
