/**
 * Whether a client that sent its first key exchange packet ahead guessed right. RFC 4253 §7.
 *
 * ssh2 compares the client's guess with one letter of its name, so it drops every such packet and then waits for ever
 * for another: Dropbear's clients cannot log in. library.ts has this asked before one is dropped.
 */
import { WireReader } from '../wire.ts';
import { BYTES_BEFORE_LISTS } from './key-exchange.ts';

/** The first name of each list decides. */
export interface Preferred {
  readonly kex: string | undefined;
  readonly serverHostKey: string | undefined;
}

/** The guess is right when both sides prefer the same algorithms, not when they settle on them. */
export function guessedRight(kexInit: Buffer, ours: Preferred): boolean {
  const reader = new WireReader(kexInit.subarray(BYTES_BEFORE_LISTS), 'KEXINIT');
  const [kex] = reader.nameList();
  const [serverHostKey] = reader.nameList();
  return kex === ours.kex && serverHostKey === ours.serverHostKey;
}
