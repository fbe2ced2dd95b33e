/**
 * More room in the pipes to programs that get much: one that is found full is made larger, once, while there is room.
 *
 * Not all pipes, and not from the start: beyond what all of a user's pipes may hold (`pipe-user-pages-soft`, 64 MiB unless
 * it was changed), each new one of that user holds two pages. Source: pipe(7), fcntl(2).
 */
import type { NativePrograms } from './native-programs.ts';

/** Four times the usual. */
const LARGE_PIPE_BYTES = 256 * 1024;

/** Pipes that may still become large: all together have a quarter of what a user has. */
let left = 64;

export class PipeRoom {
  readonly #fd: number;
  readonly #growPipe: NativePrograms['growPipe'];
  #state: 'usual' | 'large' | 'final' = 'usual';

  constructor(fd: number, { growPipe }: Pick<NativePrograms, 'growPipe'>) {
    this.#fd = fd;
    this.#growPipe = growPipe;
  }

  /** The pipe is open and full: answers whether it has more room now. */
  full(): boolean {
    if (this.#state !== 'usual' || left === 0) return false;
    const isLarge = this.#growPipe(this.#fd, LARGE_PIPE_BYTES) === 0;
    this.#state = isLarge ? 'large' : 'final';
    if (isLarge) left -= 1;
    return isLarge;
  }

  closed(): void {
    if (this.#state === 'large') left += 1;
    this.#state = 'final';
  }
}
