/**
 * The process host as its server has it: started at once, started again when it dies, ended with its owner.
 *
 * Programs of a host that has died are lost, each with an error that says so; programs that are wanted from then on get
 * the new host. A host that cannot even start is tried again only when the next program is wanted, so nothing spins. One
 * that no longer answers is killed, and counts as dead from then on, whether the kernel can end it or not.
 */
import { SpawnError } from '../../errors.ts';
import type { ProgramRunner } from '../runner.ts';
import type { HostLine } from './host-line.ts';
import { HostProcess } from './host-process.ts';
import { ANSWER_TIME, checkAnswerTime } from './watchdog.ts';

export type ProcessHostEvent =
  | { readonly event: 'process-host-started'; readonly level: 'info'; readonly pid: number; readonly startMs: number }
  | {
      readonly event: 'process-host-ended';
      readonly level: 'error';
      readonly pid: number;
      readonly reason: string;
      /** How many programs were lost with it. */
      readonly programs: number;
    };

export interface ProcessHostOptions {
  /** Hears when a host has started, and when one has ended by itself. @default nobody does */
  readonly onEvent?: (event: ProcessHostEvent) => void;
  /**
   * A host that has said nothing for so many milliseconds, though it was asked, is killed, and its programs are lost; 0
   * waits for ever. @default 30_000
   */
  readonly answerTime?: number;
}

/** Runs programs in a process of its own. `await using` ends it, and hangs up the programs that are left. */
export interface ProcessHost extends ProgramRunner, AsyncDisposable {
  /** Process id of the host that runs now; null between two, and after the end. */
  readonly pid: number | null;
  /** End it. Resolves when the process has ended. */
  close(): Promise<void>;
}

/**
 * Start a process host. Resolves when it can start programs; rejects with SpawnError if it cannot be started, with
 * ConfigError for an option that is wrong.
 */
export async function startProcessHost({
  onEvent = () => undefined,
  answerTime = ANSWER_TIME,
}: ProcessHostOptions = {}): Promise<ProcessHost> {
  const host = new RestartedHost(onEvent, checkAnswerTime(answerTime));
  await host.line();
  return host;
}

class RestartedHost implements ProcessHost {
  readonly #onEvent: (event: ProcessHostEvent) => void;
  readonly #answerTime: number;
  #state: 'open' | 'closed' = 'open';
  /** The line to a host that is ready; undefined when the next program has to start one. */
  #ready: Promise<HostLine> | undefined;
  /** The host that runs now, ready or not. */
  #running: HostProcess | undefined;

  constructor(onEvent: (event: ProcessHostEvent) => void, answerTime: number) {
    this.#onEvent = onEvent;
    this.#answerTime = answerTime;
  }

  get pid(): number | null {
    return this.#running?.pid ?? null;
  }

  spawn: ProgramRunner['spawn'] = async (program, protocol, limits) =>
    (await this.line()).start({ program }, protocol, limits);

  spawnPty: ProgramRunner['spawnPty'] = async (program, terminal, protocol, limits) =>
    (await this.line()).start({ program, terminal }, protocol, limits);

  line(): Promise<HostLine> {
    if (this.#state === 'closed')
      return Promise.reject(new SpawnError('the process host is closed: it starts nothing'));
    if (this.#ready) return this.#ready;
    const starting = this.#start();
    this.#ready = starting;
    starting.catch(() => {
      if (this.#ready === starting) this.#ready = undefined;
    });
    return starting;
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    const running = this.#running;
    running?.line.close();
    await running?.exited;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #start(): Promise<HostLine> {
    const begin = performance.now();
    return new Promise((resolve, reject) => {
      const host = new HostProcess(this.#answerTime, {
        ready: () => {
          const startMs = Math.round(performance.now() - begin);
          this.#onEvent({ event: 'process-host-started', level: 'info', pid: host.pid, startMs });
          resolve(host.line);
        },
        ended: reason => reject(this.#ended(host, reason)),
      });
      this.#running = host;
    });
  }

  /** A host that was ready is replaced at once. Answers what to tell whoever still waits for it to be ready. */
  #ended({ line, pid, wasReady }: HostProcess, reason: string): Error {
    const error = new SpawnError(`the process host ${reason}`);
    this.#running = undefined;
    this.#ready = undefined;
    const { programs } = line;
    line.ended(new Error(`the process host that ran the program ${reason}`));
    if (this.#state === 'closed') return error;
    this.#onEvent({ event: 'process-host-ended', level: 'error', pid, reason, programs });
    if (wasReady) void this.line().catch(() => undefined); // told to whoever wants a program
    return error;
  }
}
