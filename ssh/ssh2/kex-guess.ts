/**
 * Whether a client that sent its first key exchange packet ahead guessed right. RFC 4253 §7.
 *
 * ssh2 compares the client's guess with one letter of its name, so it drops every such packet and then waits for ever
 * for another: Dropbear's clients cannot log in. The engine's flag is replaced by one that keeps to the RFC.
 */
import { WireReader } from '../wire.ts';

/** The first name of each list decides. */
export interface Preferred {
  readonly kex: string | undefined;
  readonly serverHostKey: string | undefined;
}

/** Message number and cookie stand before the lists. RFC 4253 §7.1. */
const BYTES_BEFORE_LISTS = 17;

/** The guess is right when both sides prefer the same algorithms, not when they settle on them. */
export function guessedRight(kexInit: Buffer, ours: Preferred): boolean {
  const reader = new WireReader(kexInit.subarray(BYTES_BEFORE_LISTS), 'KEXINIT');
  const [kex] = reader.nameList();
  const [serverHostKey] = reader.nameList();
  return kex === ours.kex && serverHostKey === ours.serverHostKey;
}
