/**
 * One session: a channel on which a client asked for a shell or a command, as a handler sees it.
 *
 * It remembers what the client asked for before the start and passes on what it asks afterwards. It starts nothing
 * itself: a handler does. RFC 4254 §6.
 */
import type { Channel } from '../ssh/channel.ts';
import { END_OF_WRITE, hearsEndOfWrite } from '../ssh/end-of-write.ts';
import type { TtyModes } from '../ssh/tty-modes.ts';
import type { Address } from '../transport/address.ts';
import type { ExitStatus } from '../transport/close-reason.ts';
import type { TerminalSize } from '../transport/contracts.ts';
import { asError } from '../transport/errors.ts';
import type { SessionEvent } from './events.ts';
import { exitStatusText } from './exit-status-text.ts';

/** Runs one session. The session ends when it returns (exit status 0) or throws (exit status 1). */
export type Handler = (session: Session) => void | Promise<void>;

/** The terminal that a client asked for. */
export interface Pty {
  /** Terminal type, for the environment variable TERM: printable ASCII. */
  readonly term: string;
  readonly size: TerminalSize;
  readonly modes: TtyModes;
}

/** What the client wants run: its shell, or a command line; bytes that are not UTF-8 are as `textOfBytes` gives them. */
export type SessionRequest = { readonly kind: 'shell' } | { readonly kind: 'exec'; readonly command: string };

/** What a running program can be told. Each is called only while the session lives. */
export interface SessionControls {
  resize?(size: TerminalSize): void;
  /** Signal name without SIG, e.g. `TERM`. False if it could not be delivered. */
  signal?(name: string): boolean;
  /** Nobody reads standard output any more, or neither that nor standard error: the program may stop. */
  closeOutput?(descriptors: readonly number[]): void;
  /** The line is dead: called once, and last. */
  hangUp?(): void;
}

/** Time for the last words of a session that is cut off, in milliseconds: who does not read them is not waited for. */
const CUT_OFF_MS = 2_000;

export interface SessionContext {
  readonly user: string;
  /** Software version of the client. */
  readonly software: string;
  readonly handler: Handler;
  readonly report: (event: SessionEvent) => void;
}

export class Session {
  readonly channel: Channel;
  readonly user: string;
  /** Address of the client and of this server. */
  readonly peer: Address;
  readonly host: Address;
  readonly environment = new Map<string, string>();
  pty: Pty | undefined;
  request: SessionRequest | undefined;
  readonly #context: SessionContext;
  #controls: SessionControls = {};
  #status: ExitStatus | undefined;
  #cutOffTimer: NodeJS.Timeout | undefined;
  #clientClosed = false;

  constructor(channel: Channel, context: SessionContext) {
    this.channel = channel;
    this.user = context.user;
    this.peer = channel.getPeer();
    this.host = channel.getHost();
    this.#context = context;
  }

  // — for handlers —

  /** From now on pass the client's resizes and signals to `controls`. */
  attach(controls: SessionControls): void {
    this.#controls = controls;
    if (this.#clientClosed) controls.closeOutput?.([1, 2]);
  }

  /**
   * From now on the client's CLOSE is answered when this session ends, behind its status, as by sshd: what it runs may
   * live on, and counts. A handler that says so does it first of all, and returns or throws one day.
   */
  answerCloseAtEnd(): void {
    this.channel.oweExitStatus(() => {
      this.#clientClosed = true;
      this.#controls.closeOutput?.([1, 2]);
    });
  }

  /** Say something before the program does, on a session that goes on. */
  say(text: string): void {
    if (text !== '') this.channel.write(this.#encode(text));
  }

  /** Say a last word and end with `code`; lines end in CR LF where there is a terminal to show them. */
  end(text = '', code = 0): void {
    this.channel.write(this.#encode(text));
    this.exit({ code, signal: null, coreDumped: false });
  }

  /** Refuse: say why on stderr and end with `code`. */
  fail(text: string, code = 1): void {
    this.channel.writeExtended(this.#encode(text));
    this.exit({ code, signal: null, coreDumped: false });
  }

  /** Say that what the client sends is dropped from now on: OpenSSH's then reads no more for it. */
  closeInput(): void {
    if (hearsEndOfWrite(this.#context.software)) void this.channel.request(END_OF_WRITE, Buffer.alloc(0), false);
  }

  /** End, once everything written has gone out. The first call counts. */
  exit(status: ExitStatus): void {
    if (this.#status) return;
    this.#status = status;
    this.channel.setExitStatus(status);
    this.channel.loseConnection();
  }

  /** End it whatever runs in it: the client is told why, and the program is hung up. */
  cutOff(text: string): void {
    this.channel.unregisterProducer();
    this.fail(text);
    this.channel.loseConnection();
    this.#cutOffTimer = setTimeout(() => this.channel.abortConnection(), CUT_OFF_MS);
  }

  // — from the client's requests —

  get started(): boolean {
    return this.request !== undefined;
  }

  start(request: SessionRequest): void {
    this.request = request;
    const term = this.pty ? { term: this.pty.term } : {};
    this.#context.report({ event: 'session-started', level: 'info', ...request, ...term });
    void this.#run();
  }

  resize(size: TerminalSize): void {
    if (this.pty) this.pty = { ...this.pty, size };
    this.#controls.resize?.(size);
  }

  signal(name: string): boolean {
    return this.#controls.signal?.(name) ?? false;
  }

  /** The client drops what it is sent from now on. */
  outputLost(): void {
    this.#controls.closeOutput?.([1]);
  }

  /** Something of ours went wrong: the log hears what, the client that it did, and only this session ends. */
  failed(error: Error): void {
    this.#context.report({ event: 'session-error', level: 'error', error: error.message });
    this.fail('nacre: the session has failed; the server has the reason in its log\n');
  }

  /** The channel is over. */
  ended(): void {
    clearTimeout(this.#cutOffTimer);
    this.#controls.hangUp?.();
    this.#controls = {};
    const status = this.#status ? { status: exitStatusText(this.#status) } : {};
    if (this.started) this.#context.report({ event: 'session-ended', level: 'info', ...status });
  }

  async #run(): Promise<void> {
    try {
      await this.#context.handler(this);
      this.end();
    } catch (error) {
      this.failed(asError(error));
    }
  }

  #encode(text: string): Uint8Array {
    return Buffer.from(this.pty ? text.replaceAll('\n', '\r\n') : text);
  }
}
