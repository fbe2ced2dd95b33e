/**
 * The identification line that opens an SSH connection, RFC 4253 §4.2.
 *
 * Collects a peer's line from any split of the stream and stops at 255 bytes, before anything else looks at what a
 * stranger sent. Lines before the identification are a server's privilege, within bounds: from a client they are a breach.
 */
import { RemoteProtocolError } from '../transport/errors.ts';

/** Our software version, `SSH-2.0-` goes before it. */
export const softwareVersion = 'nacre_0.1.0';

/** Whether RFC 4253 §4.2 allows it in an identification, with room for a comment. */
export const isSoftwareVersion = (text: string): boolean => /^[\x21-\x2c\x2e-\x7e]{1,200}$/.test(text);

const MAX_LINE_BYTES = 255;
const LINE_FEED = 0x0a;
const NOTHING = Buffer.alloc(0);
const rule = 'RFC 4253 §4.2';

/** What one end may say, by which end it is. */
export interface IdentRules {
  /** How many other lines may come first, and how long each may be, in bytes. */
  readonly linesBefore: number;
  readonly lineBytes: number;
  readonly line: RegExp;
}

/** A server may say 1.99 for "1 and 2" (RFC 4253 §5.1), and lines before that: the bounds are those of ssh(1). */
export const identRules = {
  client: { linesBefore: 0, lineBytes: MAX_LINE_BYTES, line: /^SSH-2\.0-[\x21-\x7e]+( [\x20-\x7e]*)?\r?\n$/ },
  server: { linesBefore: 1024, lineBytes: 8192, line: /^SSH-(?:2\.0|1\.99)-[\x21-\x7e]+( [\x20-\x7e]*)?\r?\n$/ },
} as const satisfies Record<string, IdentRules>;

interface Line {
  readonly line: Buffer;
  readonly rest: Buffer;
}

/** Reads the line of one end; `feed` returns undefined until it is whole, then the line and what came behind it. */
export class IdentReader {
  readonly #rules: IdentRules;
  #linesLeft: number;
  #seen = NOTHING;

  constructor(rules: IdentRules) {
    this.#rules = rules;
    this.#linesLeft = rules.linesBefore;
  }

  feed(data: Uint8Array): Line | undefined {
    let next = this.#line(data);
    while (next && this.#goesBefore(next.line)) next = this.#line(next.rest);
    if (next) requireIdent(next.line, this.#rules.line);
    return next;
  }

  #line(data: Uint8Array): Line | undefined {
    const { lineBytes } = this.#rules;
    const seen = Buffer.concat([this.#seen, data.subarray(0, lineBytes)]);
    const end = seen.indexOf(LINE_FEED) + 1;
    const most = this.#linesLeft === 0 || isIdent(seen) ? MAX_LINE_BYTES : lineBytes;
    if (end > most || (end === 0 && seen.length >= most)) {
      throw new RemoteProtocolError(rule, `no identification line within ${most} bytes`);
    }
    this.#seen = end === 0 ? seen : NOTHING;
    if (end === 0) return undefined;
    const behind = end - (seen.length - Math.min(data.length, lineBytes));
    const rest = Buffer.from(data.buffer, data.byteOffset + behind, data.length - behind);
    return { line: seen.subarray(0, end), rest };
  }

  /** A line that is not the identification is nobody's business, and dropped. */
  #goesBefore(line: Buffer): boolean {
    if (this.#linesLeft === 0 || isIdent(line)) return false;
    this.#linesLeft -= 1;
    return true;
  }
}

/** What the line says about the peer's software, e.g. `OpenSSH_9.2p1 Debian-2`. Printable ASCII only. */
export const peerSoftware = (line: Buffer): string =>
  line
    .toString('latin1')
    .trimEnd()
    .replace(/^SSH-[^-]*-/, '');

/** No other line may begin so. */
const isIdent = (line: Buffer): boolean => line.subarray(0, 4).equals(Buffer.from('SSH-'));

function requireIdent(line: Buffer, form: RegExp): void {
  const text = line.toString('latin1');
  if (!form.test(text)) {
    throw new RemoteProtocolError(rule, `not an SSH 2.0 identification: ${JSON.stringify(text)}`);
  }
}
