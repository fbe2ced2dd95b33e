/**
 * What a short program of the system's prints, run by whoever runs programs, so that a large server need not fork.
 */
import type { IProcessProtocol, IProcessTransport } from '../../transport/contracts.ts';
import type { ExitStatus } from '../../transport/close-reason.ts';
import type { ProgramRunner } from '../../transport/process/runner.ts';

/** In bytes; a line of a user database, and the groups of somebody in a thousand of them. */
const MAX_OUTPUT = 64 * 1024;

/** Standard output of `file`, or undefined if it failed or said too much. Rejects if it cannot be started. */
export function capturedOutput(
  programs: ProgramRunner,
  file: string,
  args: readonly string[],
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const environment = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
    programs.spawn({ file, args, environment, cwd: '/' }, new Capture(resolve, reject)).catch(reject);
  });
}

class Capture implements IProcessProtocol {
  readonly #done: (output: string | undefined) => void;
  readonly #lost: (error: Error) => void;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;
  #process: IProcessTransport | undefined;

  constructor(done: (output: string | undefined) => void, lost: (error: Error) => void) {
    this.#done = done;
    this.#lost = lost;
  }

  makeConnection(process: IProcessTransport): void {
    this.#process = process;
    process.loseWriteConnection();
  }

  outReceived(data: Uint8Array): void {
    this.#bytes += data.length;
    if (this.#bytes > MAX_OUTPUT) this.#process?.abortConnection();
    else this.#chunks.push(Uint8Array.from(data));
  }

  errReceived(): void {
    // What it complains of is that there is no such user.
  }

  processExited(): void {
    // Output may follow.
  }

  processEnded({ code }: ExitStatus): void {
    this.#done(code === 0 && this.#bytes <= MAX_OUTPUT ? Buffer.concat(this.#chunks).toString() : undefined);
  }

  processLost(error: Error): void {
    this.#lost(error);
  }
}
