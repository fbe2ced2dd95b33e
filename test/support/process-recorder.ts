/** A process protocol for tests: a Recorder that also hears standard error and the two steps of a program's end. */
import type { ExitStatus } from '../../transport/close-reason.ts';
import type { IProcessProtocol, IProcessTransport } from '../../transport/contracts.ts';
import { Recorder } from './recorder.ts';

interface Reactions {
  readonly makeConnection?: (process: IProcessTransport) => void;
  readonly outReceived?: (data: Uint8Array) => void;
}

export class ProcessRecorder extends Recorder implements IProcessProtocol {
  /** Set by `makeConnection`, and kept after the end on purpose. */
  process!: IProcessTransport;
  readonly errChunks: Uint8Array[] = [];
  exitedWith: ExitStatus | undefined;
  endedWith: ExitStatus | undefined;
  lostWith: Error | undefined;
  readonly #reactions: Reactions;

  constructor(reactions: Reactions = {}) {
    super();
    this.#reactions = reactions;
  }

  get errText(): string {
    return Buffer.concat(this.errChunks).toString('utf8');
  }

  override makeConnection(process: IProcessTransport): void {
    this.process = process;
    this.transport = process;
    this.note('makeConnection', () => this.#reactions.makeConnection?.(process));
  }

  outReceived(data: Uint8Array): void {
    this.chunks.push(Uint8Array.from(data));
    this.received += data.length;
    this.note('outReceived', () => this.#reactions.outReceived?.(data));
  }

  errReceived(data: Uint8Array): void {
    this.errChunks.push(Uint8Array.from(data));
    this.note('errReceived');
  }

  processExited(status: ExitStatus): void {
    this.exitedWith = status;
    this.note('processExited');
  }

  processEnded(status: ExitStatus): void {
    this.endedWith = status;
    this.note('processEnded');
  }

  processLost(error: Error): void {
    this.lostWith = error;
    this.note('processLost');
  }

  /** Resolves with the status when the program was reaped; output may follow. */
  async untilExited(): Promise<ExitStatus> {
    await this.until(() => this.exitedWith !== undefined);
    return this.exitedWith!;
  }

  /** Resolves with the status when nothing can follow. */
  async untilEnded(): Promise<ExitStatus> {
    await this.until(() => this.endedWith !== undefined);
    return this.endedWith!;
  }
}
