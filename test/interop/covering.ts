/** Few handshakes in which every algorithm that two sides share has its turn at least once. */
import type { Offer } from './client-offer.ts';

/** One handshake. Without a MAC: the cipher brings its own, and whatever MAC is agreed on goes unused. */
export interface Handshake {
  readonly kex: string;
  readonly cipher: string;
  readonly mac?: string;
}

const bringsItsOwnMac = (cipher: string): boolean => /gcm|poly1305/.test(cipher);

/** As many as the longest list needs; the others begin again. Empty if there is something of which nothing is shared. */
export function covering(ours: Offer, theirs: Offer): Handshake[] {
  const shared = (of: keyof Offer): string[] => ours[of].filter(name => theirs[of].includes(name));
  const [kex, ciphers, macs] = [shared('kex'), shared('ciphers'), shared('macs')];
  const plain = together(
    ciphers.filter(cipher => !bringsItsOwnMac(cipher)),
    macs,
  ).map(([cipher, mac]) => ({
    cipher,
    mac,
  }));
  const protections = [...ciphers.filter(bringsItsOwnMac).map(cipher => ({ cipher })), ...plain];
  return together(kex, protections).map(([name, protection]) => ({ kex: name, ...protection }));
}

/** The two side by side, the shorter one again and again. */
function together<A, B>(some: readonly A[], others: readonly B[]): Array<[A, B]> {
  if (some.length === 0 || others.length === 0) return [];
  const length = Math.max(some.length, others.length);
  return Array.from({ length }, (_, index) => [some[index % some.length]!, others[index % others.length]!]);
}
