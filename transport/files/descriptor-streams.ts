/**
 * The right Node stream for a descriptor of each kind, reading or writing.
 *
 * Sockets, pipes and FIFOs go through libuv's poll, terminals through its tty, regular files and other devices through
 * the thread pool (a device whose read blocks holds one of its threads). Directories and block devices are refused.
 * A pipe or socket is set to O_NONBLOCK, which whoever shares its open file description sees too; a terminal is
 * reopened, so that nobody does. Source: fstat(2), libuv `uv_guess_handle`, `uv_tty_init`.
 */
import { createReadStream, createWriteStream, fstatSync, type Stats } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';
import { isatty, ReadStream, WriteStream } from 'node:tty';
import { UnsupportedError } from '../errors.ts';

export type DescriptorKind = 'terminal' | 'pipe' | 'socket' | 'file';

/** Throws the system's error (EBADF …), or UnsupportedError for what has no stream. */
export function kindOf(descriptor: number): DescriptorKind {
  if (isatty(descriptor)) return 'terminal';
  const found = kinds.find(([, is]) => is(fstatSync(descriptor)));
  if (found) return found[0];
  throw new UnsupportedError(`descriptor ${descriptor} is neither a socket, pipe, terminal, file nor character device`);
}

const kinds: ReadonlyArray<readonly [DescriptorKind, is: (stats: Stats) => boolean]> = [
  ['pipe', stats => stats.isFIFO()],
  ['socket', stats => stats.isSocket()],
  ['file', stats => stats.isFile() || stats.isCharacterDevice()],
];

export function readStreamOf(fd: number, autoClose: boolean): Readable {
  const kind = kindOf(fd);
  if (kind === 'terminal') return new ReadStream(fd);
  if (kind === 'file') return createReadStream('', { fd, autoClose });
  return new Socket({ fd, readable: true, writable: false, allowHalfOpen: true });
}

export function writeStreamOf(fd: number, autoClose: boolean): Writable {
  const kind = kindOf(fd);
  if (kind === 'terminal') return new WriteStream(fd);
  if (kind === 'file') return createWriteStream('', { fd, autoClose });
  return new Socket({ fd, readable: false, writable: true, allowHalfOpen: true });
}
