/**
 * This process's standard input and output as a connection. After Twisted's StandardIO.
 *
 * On a terminal it can switch raw mode on, and gives it back whatever happens: at the end of the connection, and by
 * Node's own hand when the process exits or is ended by a signal; a stop (SIGTSTP) and continue is answered by setting
 * it again. Our EOF really reaches whoever reads our output: the descriptor is closed behind it and /dev/null put in
 * its place, so that a later `console.log` lands nowhere instead of in a stranger's file. A reader that goes away is
 * told as `lost` (Twisted says nothing). On Windows, and for terminals, it uses Node's own `process.stdout`.
 * There is one in a process. Source: Node 20 documentation, "process", "tty"; termios(3).
 */
import { closeSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { Writable } from 'node:stream';
import type { Address } from '../address.ts';
import type { IConnection, IProtocol, QueueLimits, TerminalSize } from '../contracts.ts';
import { Disposables } from '../disposables.ts';
import { LocalMisuseError } from '../errors.ts';
import { StreamPairTransport } from '../stream-pair.ts';
import { kindOf } from './descriptor-streams.ts';

export interface StandardIOOptions extends QueueLimits {
  /** Take keystrokes one by one, unechoed, if standard input is a terminal. @default false */
  readonly raw?: boolean;
}

/** Standard input and output, with what is known of the terminal. */
export interface IStandardIO extends IConnection {
  /** The size of the terminal that standard output is, undefined where it is none. Node knows no pixels. */
  readonly size: TerminalSize | undefined;
  /** Be told of a new size; returns how to be told no more. */
  onResize(listener: (size: TerminalSize) => void): () => void;
  /** Switch raw mode; does nothing where standard input is no terminal, or after the end. */
  setRawMode(raw: boolean): void;
}

let taken = false;

/** Give standard input and output to `protocol`. Throws LocalMisuseError the second time in a process. */
export function standardIO(protocol?: IProtocol, options: StandardIOOptions = {}): IStandardIO {
  if (taken) throw new LocalMisuseError('standard input and output are one connection, and it is in use already');
  taken = true;
  const transport = new StandardIO(options);
  if (protocol) transport.start(protocol);
  return transport;
}

const us: Address = Object.freeze({ kind: 'process', pid: process.pid });
const theirs: Address = Object.freeze({ kind: 'pipe', name: 'standard input and output' });

class StandardIO extends StreamPairTransport implements IStandardIO {
  readonly #terminal: RawMode;

  constructor({ raw = false, ...limits }: StandardIOOptions) {
    const terminal = new RawMode();
    const { stream: writable, release: releaseOutput } = output();
    const releasing = (): void => terminal[Symbol.dispose]();
    super(
      { readable: process.stdin, writable },
      { ...limits, host: us, peer: theirs, lingerTime: 0, releasing, releaseOutput },
    );
    this.#terminal = terminal;
    if (raw) terminal.set(true);
  }

  get size(): TerminalSize | undefined {
    const { isTTY, columns, rows } = process.stdout;
    return isTTY ? Object.freeze({ columns, rows, widthPixels: 0, heightPixels: 0 }) : undefined;
  }

  onResize(listener: (size: TerminalSize) => void): () => void {
    const tell = (): void => {
      if (this.size) listener(this.size);
    };
    process.stdout.on('resize', tell);
    return () => process.stdout.off('resize', tell);
  }

  setRawMode(raw: boolean): void {
    this.#terminal.set(raw);
  }
}

/** Raw mode of standard input while somebody wants it. */
class RawMode implements Disposable {
  #wanted: Disposables | undefined;
  #over = false;

  set(raw: boolean): void {
    if (this.#over || !process.stdin.isTTY || raw === (this.#wanted !== undefined)) return;
    process.stdin.setRawMode(raw);
    if (raw) this.#wanted = keepRaw();
    else this.#release();
  }

  [Symbol.dispose](): void {
    this.set(false);
    this.#over = true;
  }

  #release(): void {
    this.#wanted?.[Symbol.dispose]();
    this.#wanted = undefined;
  }
}

/** The shell that stopped us has set its own modes: after the continue, set ours, and make Node forget that it has. */
function keepRaw(): Disposables {
  const kept = new Disposables();
  const again = (): void => void process.stdin.setRawMode(false).setRawMode(true);
  process.on('SIGCONT', again);
  kept.add(() => process.off('SIGCONT', again));
  return kept;
}

/** Where to write, and how to let go of it. */
function output(): { readonly stream: Writable; readonly release: () => void } {
  const kind = process.platform === 'win32' ? 'terminal' : kindOf(1);
  const shared = kind === 'terminal' || kind === 'file'; // Node's own stream serves both, at once and in order
  const stream = shared ? borrowed(process.stdout) : new Socket({ fd: 1, readable: false, writable: true });
  const close = kind === 'terminal' ? undefined : closeOutput;
  return { stream, release: once(stream, close) };
}

function once(stream: Writable, close: (() => void) | undefined): () => void {
  let open = true;
  return () => {
    stream.destroy();
    if (open) close?.();
    open = false;
  };
}

/** A stream that others go on using: it is never ended. That it failed, the callbacks tell. */
function borrowed(stream: Writable): Writable {
  const told = (): void => undefined;
  stream.on('error', told);
  return new Writable({
    write: (chunk, _encoding, done) => void stream.write(chunk, done),
    destroy: (error, done) => {
      stream.off('error', told);
      done(error);
    },
  });
}

/** libuv never closes descriptors 0 to 2; the lowest free number is what open(2) gives. */
function closeOutput(): void {
  closeSync(1);
  openSync('/dev/null', 'w');
}
