/**
 * EXT_INFO, by which a side says what it takes besides what was negotiated. RFC 8308 §2.3; the versions behind OpenSSH's
 * names are in its PROTOCOL, §1.9 and §3.1.
 */
import { Message } from './codes.ts';
import { byte, message, nameList, string, uint32, type Field } from './wire.ts';

/** What a server says: the signatures that login accepts, host-bound logins, pings. */
export const serverExtInfo = (signatureAlgorithms: readonly string[]): Uint8Array =>
  encode([
    ['server-sig-algs', nameList(signatureAlgorithms)],
    ['publickey-hostbound@openssh.com', string('0')],
    ['ping@openssh.com', string('0')],
  ]);

function encode(extensions: ReadonlyArray<readonly [name: string, value: Field]>): Uint8Array {
  const fields = extensions.flatMap(([name, value]) => [string(name), value]);
  return message(byte(Message.EXT_INFO), uint32(extensions.length), ...fields);
}
