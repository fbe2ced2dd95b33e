/**
 * The master side of a pty, whoever has opened it: node-pty.ts or native-pty.ts.
 *
 * A master's descriptor never leaves this file: `PtyMaster` is its single owner and touches it only while it is open.
 *
 * `process.binding('pipe_wrap')` is libuv's stream over any descriptor: true write back-pressure, which a master gets
 * neither from `fs` nor from `tty` (libuv writes to masters blocking).
 * Facts: libuv 1.46 src/unix/stream.c, tty.c; Node 20 net.js.
 */
import { closeSync, constants, fchmodSync, fchownSync, fstatSync, openSync } from 'node:fs';
import { Socket, type OnReadOpts } from 'node:net';
import type { Writable } from 'node:stream';
import type { TerminalSize } from '../contracts.ts';
import { DirectWrites } from '../direct-writes.ts';
import type { ReadsTaker } from '../shared-reads.ts';
import { inheritableMasters } from './master-masks.ts';
import type { NativePrograms } from './native-programs.ts';
import { TerminalReads } from './terminal-reads.ts';

/** winsize counts in unsigned shorts (ioctl_tty(2)). */
const MAX_SIZE = 0xffff;

/** A master that has just been opened. */
export interface OpenedMaster {
  readonly fd: number;
  /** Path of the terminal, e.g. `/dev/pts/3`. */
  readonly slavePath: string;
  /** The slave, if it is open here. @default it is opened by its path */
  readonly slave?: number;
  /** Whether a child that closes nothing gets the master. */
  readonly isInheritable: boolean;
  /** Reads and writes at once. @default it is read by `fs`, and written to by Node's stream alone */
  readonly addon?: Pick<NativePrograms, 'readNow' | 'writeNow' | 'writePiecesNow'>;
  /** Give it a size, whose numbers fit. */
  readonly resize: (this: void, fd: number, size: TerminalSize) => void;
}

/** The master side of one pty. After `close` every call does nothing. */
export class PtyMaster {
  /** Path of the terminal, e.g. `/dev/pts/3`. */
  readonly slavePath: string;
  /** The way into the terminal. */
  readonly input: Writable;
  readonly #socket: Socket;
  readonly #fd: number;
  readonly #reads: TerminalReads;
  readonly #writes: DirectWrites | undefined;
  readonly #resize: OpenedMaster['resize'];
  #slave: number | undefined;
  #state: 'open' | 'closed' = 'open';

  constructor({ fd, slavePath, slave, isInheritable, addon, resize }: OpenedMaster) {
    this.#fd = fd;
    this.#reads = new TerminalReads(fd, addon?.readNow);
    this.slavePath = slavePath;
    this.#resize = resize;
    if (isInheritable) inheritableMasters.add(fd);
    this.#socket = wrap(fd, this.#reads.onread).pause();
    this.#reads.socket = this.#socket;
    this.input = this.#socket;
    if (addon) this.#writes = DirectWrites.of(this.#socket, addon);
    this.#socket.on('close', () => this.close()); // should it ever fail: its number is free from then on
    this.#holdSlave(slave);
  }

  resize(size: TerminalSize): void {
    if (this.#state === 'open') this.#resize(this.#fd, clamped(size));
  }

  /**
   * From now on give `taker` what the terminal says; not before `resume`. It never ends by itself: what ends a terminal is
   * its program's exit.
   */
  listen(taker: ReadsTaker): void {
    this.#reads.taker = taker;
  }

  resume(): void {
    this.#socket.resume();
  }

  pause(): void {
    this.#socket.pause();
  }

  /** As `Medium.sendNow`. */
  writeNow(data: Uint8Array): number {
    return this.#writes?.send(data) ?? 0;
  }

  /**
   * What the program wrote and nobody has read, then `close`. For use once the program has exited: it never waits, so
   * what grandchildren write later is lost. Whatever was written before is seen (n_tty_read flushes its work queue
   * before it answers EAGAIN), and the bound is above what a terminal holds.
   */
  takeRest(): Uint8Array[] {
    if (this.#state === 'closed') return [];
    const rest = [...this.#reads.untilEmpty()];
    this.close();
    return rest;
  }

  /** Hang up: the kernel sends SIGHUP to the session and drops what it has not read. */
  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    try {
      if (this.#slave !== undefined) release(this.#slave);
    } finally {
      this.#socket.destroy();
      inheritableMasters.delete(this.#fd);
    }
  }

  /**
   * While somebody has the slave open, the master never reports a hang-up, which libuv would take for the end of the
   * stream and read no more: a program may close its terminal and open it again.
   */
  #holdSlave(opened?: number): void {
    try {
      this.#slave = opened ?? openSync(this.slavePath, constants.O_RDWR | constants.O_NOCTTY);
    } catch (error) {
      this.close();
      throw error;
    }
  }
}

function release(slave: number): void {
  try {
    takeBack(slave);
  } finally {
    closeSync(slave);
  }
}

/** The launcher gave the terminal to the program's user; who still has it open then has somebody else's (sshd pty_release). */
function takeBack(slave: number): void {
  const { uid } = fstatSync(slave);
  if (process.geteuid?.() !== 0 || uid === 0) return;
  fchownSync(slave, 0, 0);
  fchmodSync(slave, 0o600);
}

/** As winsize can hold it. */
export function clamped({ columns, rows, widthPixels, heightPixels }: TerminalSize): TerminalSize {
  const clamp = (n: number): number => Math.min(Math.max(0, n), MAX_SIZE);
  return {
    columns: clamp(columns),
    rows: clamp(rows),
    widthPixels: clamp(widthPixels),
    heightPixels: clamp(heightPixels),
  };
}

interface PipeWrap {
  readonly Pipe: new (type: number) => { open(fd: number): number | undefined };
  readonly constants: { readonly SOCKET: number };
}

function wrap(fd: number, onread: OnReadOpts): Socket {
  const { Pipe, constants } = (process as unknown as { binding(name: 'pipe_wrap'): PipeWrap }).binding('pipe_wrap');
  const pipe = new Pipe(constants.SOCKET);
  pipe.open(fd);
  return new Socket({ handle: pipe, allowHalfOpen: true, onread } as ConstructorParameters<typeof Socket>[0]);
}
