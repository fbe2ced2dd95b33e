/** Who is who: public keys, host keys on disk, and who may log in. */

/** A public key as a value; read one from bytes that may be anything, or from a peer's. */
export { parsePublicKey, readPublicKey, type PublicKey, type ReadKey } from './public-key.ts';
/** The key types we take. */
export type { KeyType } from './public-numbers.ts';
/** Every signature algorithm we accept, in order of preference. */
export { signatureAlgorithms } from './signature-algorithms.ts';
/** The keys by which a server is known. */
export { createHostKey, loadHostKey, loadOrCreateHostKey, type HostKey } from './host-key.ts';
/** The lines of an authorized_keys file. */
export { parseAuthorizedKeys, type AuthorizedKey, type AuthorizedKeys, type RefusedLine } from './authorized-keys.ts';
/** The file itself, under sshd's StrictModes. */
export {
  holdsKey,
  readAuthorizedKeys,
  type FileRefusal,
  type FileRefusalCode,
  type Owner,
  type ReadAuthorizedKeys,
} from './authorized-keys-file.ts';
/** A new ed25519 key pair on disk. */
export { createKeyPair, KeyFileExists, type KeyPairOptions } from './create-key-pair.ts';
