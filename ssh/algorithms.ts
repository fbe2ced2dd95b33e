/**
 * Which algorithms we offer, strongest first: the only file that knows.
 *
 * No SHA-1, no group exchange (the engine cannot serve it), no compression (inflating a stranger's bytes before login
 * is a memory bomb), no CBC. Names are those of the IANA registry "SSH Protocol Parameters".
 */
export interface Algorithms {
  readonly kex: readonly string[];
  readonly ciphers: readonly string[];
  readonly macs: readonly string[];
  readonly compression: readonly string[];
}

const modern: Algorithms = {
  kex: ['mlkem768x25519-sha256', 'curve25519-sha256', 'curve25519-sha256@libssh.org'],
  ciphers: [
    'aes256-gcm@openssh.com',
    'aes128-gcm@openssh.com',
    'chacha20-poly1305@openssh.com',
    'aes256-ctr',
    'aes128-ctr',
  ],
  macs: ['hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256-etm@openssh.com'],
  compression: ['none'],
};

/**
 * `modern` is the default. `strict` leaves out what a quantum computer or a chosen packet might break, and with it all
 * peers older than OpenSSH 9.9 or Dropbear 2025.87. `compatible` adds, behind modern, what peers of the years before
 * need: encrypt-and-MAC for clients without ETM (Twisted Conch), and NIST curves and large fixed groups for those
 * without curve25519.
 */
export const algorithmProfiles = {
  modern,
  strict: {
    ...modern,
    kex: ['mlkem768x25519-sha256'],
    ciphers: ['aes256-gcm@openssh.com', 'aes128-gcm@openssh.com', 'chacha20-poly1305@openssh.com'],
  },
  compatible: {
    ...modern,
    kex: [
      ...modern.kex,
      'ecdh-sha2-nistp256',
      'ecdh-sha2-nistp384',
      'ecdh-sha2-nistp521',
      'diffie-hellman-group16-sha512',
    ],
    macs: [...modern.macs, 'hmac-sha2-512', 'hmac-sha2-256'],
  },
} as const satisfies Record<string, Algorithms>;

export type AlgorithmProfile = keyof typeof algorithmProfiles;
