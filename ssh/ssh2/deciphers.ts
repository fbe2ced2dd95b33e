/**
 * What the library's deciphers hold, by kind of cipher, compiled and not: typed, and checked when it is loaded.
 *
 * They open packets of 35 000 bytes at most, by a constant of their module, so ours take what they hold and open larger
 * ones (packet-opener.ts). Shapes: ssh2 1.17.0, lib/protocol/crypto.js.
 */
import type { CipherGCMTypes, Decipher as NodeDecipher } from 'node:crypto';
import { createRequire } from 'node:module';

/** What the engine calls. `_onPayload` answers undefined to go on, false to stop behind its packet, or where to go on. */
export interface EngineDecipher {
  inSeqno: number;
  _onPayload: (payload: Buffer) => unknown;
  decrypt(data: Buffer, start: number, end: number): unknown;
  free(): void;
}

export type Decipher =
  | { readonly _instance: CompiledChaCha | CompiledGcm }
  | ({ readonly _instance: CompiledMac } & MacSizes)
  | PlainChaCha
  | PlainGcm
  | PlainMac;

interface Compiled {
  free(): void;
}

/** Without its header, a packet is decrypted in place; all throw when `tag` is wrong. */
export interface CompiledChaCha extends Compiled {
  decryptLen(header: Buffer, sequence: number): number;
  decrypt(packet: Buffer, tag: Buffer, sequence: number): void;
}
export interface CompiledGcm extends Compiled {
  decrypt(packet: Buffer, length: number, tag: Buffer): void;
}
export interface CompiledMac extends Compiled {
  decryptBlock(header: Buffer): void;
  decrypt(packet: Buffer, sequence: number, header: Buffer, tag: Buffer): void;
}

export interface MacSizes {
  readonly _macETM: boolean;
  readonly _macActualLen: number;
}

/** Where nothing could be compiled. This one is told that it has read a length, and goes on behind it. */
export interface PlainChaCha {
  readonly _decKeyPktLen: Buffer;
  _lenBuf: Buffer;
  _lenPos: number;
  _len: number;
  inSeqno: number;
  _onPayload: (payload: Buffer) => void;
  decrypt(bytes: Buffer, start: number, end: number): void;
}
export interface PlainGcm {
  readonly _decipherSSLName: CipherGCMTypes;
  readonly _decipherKey: Buffer;
  readonly _decipherIV: Buffer;
}
export interface PlainMac extends MacSizes {
  readonly _decipherInstance: NodeDecipher;
  readonly _macSSLName: string;
  readonly _macKey: Buffer;
}

interface CipherInfo {
  readonly keyLen: number;
  readonly ivLen: number;
}
const { createDecipher, CIPHER_INFO, MAC_INFO } = createRequire(import.meta.url)('ssh2/lib/protocol/crypto.js') as {
  createDecipher: (config: object) => object;
  CIPHER_INFO: Record<string, CipherInfo>;
  MAC_INFO: Record<string, { readonly len: number }>;
};

type Parts = Readonly<Record<string, 'function' | 'number' | 'string' | 'boolean' | 'object'>>;

const compiledParts: Parts = { '_instance.free': 'function' };
const macParts: Parts = { _macETM: 'boolean', _macActualLen: 'number' };

/** What must be there, and of which type, by one cipher of each kind. */
const kinds: Readonly<Record<string, { readonly compiled: Parts; readonly plain: Parts }>> = {
  'chacha20-poly1305@openssh.com': {
    compiled: { '_instance.decryptLen': 'function', '_instance.decrypt': 'function', ...compiledParts },
    plain: { _decKeyPktLen: 'object', _lenBuf: 'object', _lenPos: 'number', _len: 'number', decrypt: 'function' },
  },
  'aes128-gcm@openssh.com': {
    compiled: { '_instance.decrypt': 'function', ...compiledParts },
    plain: { _decipherSSLName: 'string', _decipherKey: 'object', _decipherIV: 'object' },
  },
  'aes128-ctr': {
    compiled: {
      '_instance.decryptBlock': 'function',
      '_instance.decrypt': 'function',
      ...compiledParts,
      ...macParts,
    },
    plain: { _decipherInstance: 'object', _macSSLName: 'string', _macKey: 'object', ...macParts },
  },
};

export const sampleCiphers = Object.keys(kinds);

/** A decipher as the engine makes it, under keys of zeros. */
export function sampleDecipher(cipher: string, mac = 'hmac-sha2-256'): object {
  const decipherInfo = CIPHER_INFO[cipher];
  const macInfo = MAC_INFO[mac];
  const zeros = (bytes = 0): Buffer => Buffer.alloc(bytes);
  const keys = { decipherKey: zeros(decipherInfo?.keyLen), decipherIV: zeros(decipherInfo?.ivLen) };
  const onPayload = (): void => undefined;
  return createDecipher({
    inbound: { seqno: 0, onPayload, decipherInfo, ...keys, macInfo, macKey: zeros(macInfo?.len) },
  });
}

/** The parts that a decipher for one of the `sampleCiphers` has not. */
export function missingDecipherParts(cipher: string, decipher: object = sampleDecipher(cipher)): string[] {
  const parts = kinds[cipher]?.['_instance' in decipher ? 'compiled' : 'plain'] ?? {};
  return Object.entries(parts)
    .filter(([path, type]) => typeof partAt(decipher, path) !== type)
    .map(([path]) => `${cipher} ${path}`);
}

const partAt = (whole: unknown, path: string): unknown =>
  path.split('.').reduce((part, name) => (part as Record<string, unknown> | undefined)?.[name], whole);
