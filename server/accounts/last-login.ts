/**
 * When and from where somebody logged in last, as lastlog(8) has it: the line that sshd greets with.
 *
 * Read only: nacre writes no records (docs/decisions/006-no-login-records.md), so this is the last login that sshd, login
 * or a hook of ours has written. The file is an array by user id of `struct lastlog`, from glibc's bits/utmp.h: a time,
 * 32 bytes of terminal and 256 of host. Machines without the file (lastlog2, wtmpdb, musl) have no line.
 */
import { open } from 'node:fs/promises';

/** Bytes of the time: 32 bits where 64-bit programs share the file with 32-bit ones (__WORDSIZE_TIME64_COMPAT32). */
const timeBytes: Readonly<Partial<Record<NodeJS.Architecture, 4 | 8>>> = { x64: 4, arm64: 8 };

const LINE_BYTES = 32;
const HOST_BYTES = 256;

/** Empty if there is no such file, no record in it, or no record format of this machine's that is known. */
export async function lastLoginLine(
  file: string,
  uid: number,
  architecture: NodeJS.Architecture = process.arch,
): Promise<string> {
  const time = timeBytes[architecture];
  const record = time && (await readRecord(file, uid, time + LINE_BYTES + HOST_BYTES));
  if (!record) return '';
  const seconds = time === 4 ? record.readUInt32LE(0) : Number(record.readBigUInt64LE(0));
  const at = new Date(seconds * 1_000);
  if (seconds === 0 || Number.isNaN(at.getTime())) return '';
  const host = plainText(record.subarray(time + LINE_BYTES));
  return `Last login: ${ctime(at)}${host === '' ? '' : ` from ${host}`}\n`;
}

async function readRecord(file: string, uid: number, length: number): Promise<Buffer | undefined> {
  try {
    await using handle = await open(file);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, uid * length);
    return bytesRead === length ? buffer : undefined;
  } catch {
    return undefined;
  }
}

/** Up to the NUL; what could move a cursor is shown as a question mark. */
const plainText = (field: Buffer): string =>
  field
    .toString('latin1')
    .replace(/\0.*$/s, '')
    .replace(/[^!-~]/g, '?');

/** As ctime(3), in the zone of this machine: `Thu Nov  6 09:05:07 2026`. */
function ctime(at: Date): string {
  const [day = '', month = '', , year = '', time = ''] = at.toString().split(' ');
  return `${day} ${month} ${String(at.getDate()).padStart(2)} ${time} ${year}`;
}
