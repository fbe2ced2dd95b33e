/**
 * Public keys that have logged in lately, so that one that comes again need not be read again.
 *
 * A key is its bytes and nothing else, so what is kept never goes out of date, and says nothing of who may log in.
 */
import { readPublicKey, type PublicKey, type ReadKey } from '../keys/public-key.ts';

/** At most 2 KiB each, for the longest RSA keys. */
const MOST_KEYS = 1_000;

export class KnownKeys {
  readonly #keys = new Map<string, PublicKey>();

  /** As readPublicKey. */
  read(blob: Buffer): ReadKey {
    const key = this.#keys.get(nameOf(blob));
    return key ? { key } : readPublicKey(blob);
  }

  /** `key` has logged in. Strangers' keys are not kept: they would put out the others. */
  keep(key: PublicKey): void {
    const name = nameOf(Buffer.from(key.blob));
    this.#keys.delete(name);
    this.#keys.set(name, key);
    const [oldest] = this.#keys.keys();
    if (this.#keys.size > MOST_KEYS && oldest !== undefined) this.#keys.delete(oldest);
  }
}

const nameOf = (blob: Buffer): string => blob.toString('latin1');
