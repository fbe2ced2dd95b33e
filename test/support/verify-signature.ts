/** Did the key in `blob` sign `data`, by the algorithm that the signature names, if it is one that we take? */
import { readPublicKey } from '../../keys/public-key.ts';
import { WireReader } from '../../ssh/wire.ts';

export function verifySignature(blob: Buffer, data: Buffer, signature: Buffer): boolean {
  const read = readPublicKey(blob);
  return 'key' in read && read.key.verify(new WireReader(signature, 'a signature').text(), data, signature);
}
