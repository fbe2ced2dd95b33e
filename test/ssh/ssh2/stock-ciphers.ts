/** The library's ciphers and deciphers under keys of zeros, for every cipher and MAC that we offer, compiled and not. */
import { createRequire } from 'node:module';
import { algorithmProfiles } from '../../../ssh/algorithms.ts';
import type { EngineDecipher } from '../../../ssh/ssh2/deciphers.ts';
import type { PacketSource } from '../../../ssh/ssh2/packet-shape.ts';

export interface StockCipher extends PacketSource {
  encrypt(packet: Buffer): void;
}

interface Info {
  readonly keyLen: number;
  readonly ivLen: number;
}
const { CIPHER_INFO, MAC_INFO, ...make } = createRequire(import.meta.url)('ssh2/lib/protocol/crypto.js') as {
  CIPHER_INFO: Record<string, Info>;
  MAC_INFO: Record<string, { len: number }>;
  createCipher: (config: object) => StockCipher;
  createDecipher: (config: object) => EngineDecipher;
  init: Promise<void>;
};
await make.init;

export interface CipherKind {
  readonly name: string;
  readonly cipher: string;
  readonly mac: string;
}

const { ciphers, macs } = algorithmProfiles.compatible;

export const cipherKinds: readonly CipherKind[] = ciphers.flatMap(cipher =>
  cipher.includes('ctr')
    ? macs.map(mac => ({ name: `${cipher} with ${mac}`, cipher, mac }))
    : [{ name: cipher, cipher, mac: 'hmac-sha2-256' }],
);

const zeros = (bytes: number): Buffer => Buffer.alloc(bytes);

export function stockCipher(
  { cipher, mac }: CipherKind,
  onWrite: (data: Buffer) => void = () => undefined,
): StockCipher {
  const cipherInfo = CIPHER_INFO[cipher]!;
  const macInfo = MAC_INFO[mac]!;
  const keys = { cipherKey: zeros(cipherInfo.keyLen), cipherIV: zeros(cipherInfo.ivLen), macKey: zeros(macInfo.len) };
  return make.createCipher({ outbound: { seqno: 0, onWrite, cipherInfo, macInfo, ...keys } });
}

export function stockDecipher({ cipher, mac }: CipherKind, compiled: boolean): EngineDecipher {
  const decipherInfo = CIPHER_INFO[cipher]!;
  const macInfo = MAC_INFO[mac]!;
  const { keyLen, ivLen } = decipherInfo;
  const keys = { decipherKey: zeros(keyLen), decipherIV: zeros(ivLen), macKey: zeros(macInfo.len) };
  const onPayload = (): void => undefined;
  return make.createDecipher({
    inbound: { seqno: 0, onPayload, decipherInfo, macInfo, ...keys, forceNative: !compiled },
  });
}
