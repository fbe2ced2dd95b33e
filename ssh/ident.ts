/**
 * The identification line that opens an SSH connection, RFC 4253 §4.2.
 *
 * Collects a peer's line from any split of the stream and stops at 255 bytes, before anything else looks at what a
 * stranger sent. Lines before the identification are a server's privilege: from a client they are a breach.
 */
import { RemoteProtocolError } from '../transport/errors.ts';

/** Our software version, `SSH-2.0-` goes before it. */
export const softwareVersion = 'nacre_0.1.0';

/** Whether RFC 4253 §4.2 allows it in an identification, with room for a comment. */
export const isSoftwareVersion = (text: string): boolean => /^[\x21-\x2c\x2e-\x7e]{1,200}$/.test(text);

const MAX_LINE_BYTES = 255;
const LINE_FEED = 0x0a;
const rule = 'RFC 4253 §4.2';

/** Reads one line; `feed` returns undefined until it is whole, then the line and what came behind it. */
export class IdentReader {
  #seen = Buffer.alloc(0);

  feed(data: Uint8Array): { readonly line: Buffer; readonly rest: Buffer } | undefined {
    this.#seen = Buffer.concat([this.#seen, data.subarray(0, MAX_LINE_BYTES)]);
    const end = this.#seen.indexOf(LINE_FEED) + 1;
    if (end > MAX_LINE_BYTES || (end === 0 && this.#seen.length >= MAX_LINE_BYTES)) {
      throw new RemoteProtocolError(rule, `no identification line within ${MAX_LINE_BYTES} bytes`);
    }
    if (end === 0) return undefined;
    const line = this.#seen.subarray(0, end);
    requireSsh2(line);
    const behind = end - (this.#seen.length - Math.min(data.length, MAX_LINE_BYTES));
    return { line, rest: Buffer.from(data.buffer, data.byteOffset + behind, data.length - behind) };
  }
}

/** What the line says about the peer's software, e.g. `OpenSSH_9.2p1 Debian-2`. Printable ASCII only. */
export const peerSoftware = (line: Buffer): string => line.toString('latin1').trimEnd().slice('SSH-2.0-'.length);

function requireSsh2(line: Buffer): void {
  if (!/^SSH-2\.0-[\x21-\x7e]+( [\x20-\x7e]*)?\r?\n$/.test(line.toString('latin1'))) {
    throw new RemoteProtocolError(rule, `not an SSH 2.0 identification: ${JSON.stringify(line.toString('latin1'))}`);
  }
}
