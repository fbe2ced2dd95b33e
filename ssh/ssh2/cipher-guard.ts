/**
 * Stands before ssh2's ciphers: a packet that was not made for one never comes to its compiled code.
 *
 * That code takes the room for a tag off a packet's length and encrypts the rest, unsigned: for a packet without the room
 * that is 4 GiB, and the end of the process. Facts: ssh2 1.17.0, lib/protocol/crypto/src/binding.cc.
 */
import { LocalMisuseError } from '../../transport/errors.ts';
import type { Engine } from './library.ts';

type Cipher = Engine['_cipher'];

/**
 * `cipher`, which from now on looks at what it is to encrypt: a packet that does not fit throws LocalMisuseError. It says
 * by a packet of its own how much there is behind what a packet says of its length: its tag, or nothing.
 */
export function guarded(cipher: Cipher): Cipher {
  const sample = cipher.allocPacket(0);
  const least = sample.length;
  const uncounted = least - sample.readUInt32BE();
  const encrypt = cipher.encrypt.bind(cipher);
  cipher.encrypt = packet => {
    if (packet.length < least || packet.readUInt32BE() + uncounted !== packet.length)
      throw new LocalMisuseError(`a packet of ${packet.length} bytes was not made for the cipher that is to seal it`);
    encrypt(packet);
  };
  return cipher;
}
