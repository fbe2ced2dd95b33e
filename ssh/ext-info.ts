/**
 * EXT_INFO, by which a side says what it takes besides what was negotiated. RFC 8308 §2.3; the versions behind OpenSSH's
 * names are in its PROTOCOL, §1.9 and §3.1.
 */
import { unpooled } from '../transport/unpooled.ts';
import { RemoteProtocolError } from '../transport/errors.ts';
import { Message } from './codes.ts';
import { byte, message, nameList, string, uint32, WireReader, type Field } from './wire.ts';

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

/** What a peer has said, by name; values are as each extension defines them. */
export type Extensions = ReadonlyMap<string, Buffer>;

/** Those of a peer that has said nothing. */
export const noExtensions: Extensions = new Map();

/** More are never defined, and a peer could say tens of thousands in one message. */
const MAX_EXTENSIONS = 256;

/** Throws RemoteProtocolError for a message that is cut off or counts wrong. */
export function readExtInfo(payload: Buffer): Extensions {
  const reader = new WireReader(payload, 'EXT_INFO');
  reader.byte();
  const count = reader.uint32();
  if (count > MAX_EXTENSIONS) throw new RemoteProtocolError('RFC 8308 §2.3', `${count} extensions`);
  const extensions = new Map<string, Buffer>();
  for (let index = 0; index < count; index += 1) extensions.set(reader.text(), unpooled(reader.string()));
  reader.end();
  return extensions;
}

/** The signatures that a server takes at login; undefined if it has not said. RFC 8308 §3.1. */
export const takenSignatures = (extensions: Extensions): readonly string[] | undefined =>
  extensions.get('server-sig-algs')?.toString('latin1').split(',');
