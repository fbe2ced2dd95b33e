/**
 * The path of a listening Unix socket: made with its mode, taken over from the dead only, removed by its owner only.
 *
 * The socket is bound to a draft name beside the path and linked to the path once it listens and has its mode: link(2)
 * refuses to replace, so that of two that start together one fails. It also keeps libuv, which unlinks what it bound,
 * from unlinking a successor's socket. What remains is the instant between looking at a dead socket and unlinking it.
 * Source: unix(7), link(2).
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, lstatSync, unlinkSync, type BigIntStats } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { LocalMisuseError, UnsupportedError } from '../errors.ts';

/** `sun_path` has 108 bytes on Linux and 104 on macOS and BSD, the last of them a NUL for a path. */
const longestName = process.platform === 'linux' ? 107 : 103;

/** How often a path that changes hands while we look at it is looked at again. */
const attempts = 5;

/** A name in the abstract namespace, which has no file. Linux only. */
export const isAbstract = (path: string): boolean => path.startsWith('\0');

/** Throws LocalMisuseError for a name that no socket can have (Node would cut it short without a word). */
export function checkName(path: string): void {
  const bytes = Buffer.byteLength(path);
  if (isAbstract(path) && process.platform !== 'linux') {
    throw new UnsupportedError('abstract socket names exist on Linux only; use a path');
  }
  if (bytes === 0 || bytes > longestName) {
    throw new LocalMisuseError(
      `the name of a Unix socket has 1 to ${longestName} bytes, this one has ${bytes}: ${path}`,
    );
  }
  if (path.includes('\0', 1)) throw new LocalMisuseError('the path of a Unix socket must not contain a NUL');
}

export class SocketPath {
  /** Where to bind: beside the path, and hardly longer. */
  readonly draft: string;
  readonly #path: string;
  #own: BigIntStats | undefined;

  /** Throws LocalMisuseError if there is no room for the draft's name. */
  constructor(path: string) {
    this.#path = path;
    this.draft = join(dirname(path), `.${randomBytes(4).toString('hex')}`);
    checkName(this.draft);
  }

  /** Give the bound and listening socket its mode and its path. Rejects with EADDRINUSE if the path is taken. */
  async publish(mode: number): Promise<void> {
    chmodSync(this.draft, mode);
    for (let attempt = 0; attempt < attempts && !this.#own; attempt += 1) {
      if (this.#link()) return;
      await removeDead(this.#path);
    }
    throw inUse(this.#path, 'it changes hands faster than it can be taken');
  }

  /** Remove what is ours, and only that. Safe to repeat. */
  remove(): void {
    unlinkIfSame(this.draft, this.#own);
    if (this.#own) unlinkIfSame(this.#path, this.#own);
    this.#own = undefined;
  }

  #link(): boolean {
    try {
      linkSync(this.draft, this.#path);
    } catch (error) {
      if (hasCode(error, 'EEXIST')) return false;
      throw error;
    }
    this.#own = lstatSync(this.#path, { bigint: true });
    unlinkSync(this.draft);
    return true;
  }
}

/** Unlink a socket at `path` that nobody listens on. Rejects with EADDRINUSE for anything else. */
async function removeDead(path: string): Promise<void> {
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (!found) return;
  if (!found.isSocket()) throw inUse(path, 'it is no socket');
  if (await isAlive(path)) throw inUse(path, 'somebody listens there');
  unlinkIfSame(path, found);
}

/** Whether somebody listens: only a refusal says no. */
function isAlive(path: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', error => resolve(!hasCode(error, 'ECONNREFUSED') && !hasCode(error, 'ENOENT')));
  });
}

/** Unlink `path` if it still is the file that was `seen`; with nothing seen, whatever is there. */
function unlinkIfSame(path: string, seen: BigIntStats | undefined): void {
  const found = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (found && (!seen || (found.ino === seen.ino && found.dev === seen.dev))) unlinkSync(path);
}

const hasCode = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;

function inUse(path: string, why: string): Error {
  return Object.assign(new Error(`cannot listen on ${path}: ${why}`), { code: 'EADDRINUSE' });
}
