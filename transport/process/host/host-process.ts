/** One process host, from the start of its process until that has ended, or is taken for dead because it says nothing. */
import { createRequire } from 'node:module';
import { closeReasonText, type ExitStatus } from '../../close-reason.ts';
import { asError, SpawnError } from '../../errors.ts';
import { spawnWorker, type IWorkerTransport } from '../../worker/child-worker.ts';
import { HostLine } from './host-line.ts';
import { lineLimits } from './line-limits.ts';
import { Watchdog } from './watchdog.ts';

export interface HostProcessEvents {
  /** It can start programs. */
  readonly ready: () => void;
  /** It starts nothing any more; `reason` goes on behind "the process host". Once. */
  readonly ended: (reason: string) => void;
}

export class HostProcess {
  readonly line: HostLine;
  /** Whether it could start programs at some time. */
  wasReady = false;
  readonly #worker: IWorkerTransport;
  readonly #watchdog: Watchdog;
  #hangs = (): void => undefined;
  readonly #hung = new Promise<string>(tell => (this.#hangs = () => tell('no longer answered, and was killed')));

  /** Throws SpawnError where it is not built, or cannot be started. `answerTime` is that of ProcessHostOptions. */
  constructor(answerTime: number, { ready, ended }: HostProcessEvents) {
    this.line = new HostLine({
      ready: () => {
        this.wasReady = true;
        ready();
      },
      heard: () => this.#watchdog.heard(),
      lost: () => void this.#end().then(ended),
    });
    const how = { file: entry(), nodeArgs: conditions(), environment: environment() };
    this.#worker = spawnWorker({ ...lineLimits, ...how }, this.line);
    this.#watchdog = new Watchdog(answerTime, { ask: () => this.line.ping(), giveUp: () => this.#giveUp() });
  }

  get pid(): number {
    return this.#worker.pid;
  }

  /** Resolves when the process has ended. */
  get exited(): Promise<ExitStatus> {
    return this.#worker.exited;
  }

  /** The line has gone: the reason is the process's end, unless it hangs so that not even that comes. */
  #end(): Promise<string> {
    this.#watchdog.stop();
    const ended = this.exited.then(status => closeReasonText({ kind: 'exited', ...status }));
    return Promise.race([this.#hung, ended]);
  }

  #giveUp(): void {
    this.#hangs();
    this.#worker.abortConnection();
  }
}

/** What runs is always the built module, also when this file has not been built: package.json, "imports". */
function entry(): string {
  try {
    return createRequire(import.meta.url).resolve('#process-host');
  } catch (error) {
    throw new SpawnError(`the process host is not built: ${asError(error).message}`, { cause: error });
  }
}

/** What decides which modules are loaded decides it for the host, too: see native-programs.ts. */
const conditions = (): readonly string[] => process.execArgv.filter(option => option.startsWith('--conditions='));

/** Options that were meant for this process, such as a debugger's port, are not for the host. */
function environment(): Readonly<Record<string, string | undefined>> {
  const { NODE_OPTIONS: _ours, ...rest } = process.env;
  return rest;
}
