/** The face of ssh2's key code that private-key.ts uses; ssh2 1.17.0 ships no types of its own. */
declare module 'ssh2/lib/protocol/keyParser.js' {
  export interface ParsedKey {
    /** As on the wire, e.g. `ssh-ed25519`. */
    readonly type: string;
    isPrivateKey(): boolean;
    getPrivatePEM(): string;
    getPublicSSH(): Buffer;
  }
  const keyParser: {
    /** Returns most errors, throws some; undefined for an OpenSSH file that holds no key. */
    parseKey(text: string, passphrase?: string): ParsedKey | Error | undefined;
  };
  export default keyParser;
}

declare module 'ssh2/lib/keygen.js' {
  const keygen: {
    generateKeyPairSync(
      type: 'ed25519',
      options: { comment?: string; passphrase?: string; cipher?: string; rounds?: number },
    ): { private: string; public: string };
  };
  export default keygen;
}
