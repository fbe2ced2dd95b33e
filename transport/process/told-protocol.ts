/** What a process protocol is told of its program beside bytes. One that throws loses its program, and nobody else does. */
import type { ExitStatus } from '../close-reason.ts';
import type { IInputLossProtocol, IOutputLossProtocol, IProcessProtocol } from '../contracts.ts';
import { asError } from '../errors.ts';
import { warnOfProtocol } from '../warnings.ts';

/** Whose protocol it is. */
export interface ToldOwner {
  /** The protocol has thrown, where no Endpoint is there to end. */
  abortConnection(): void;
}

export class ToldProtocol {
  readonly #protocol: IProcessProtocol | IInputLossProtocol | IOutputLossProtocol;
  readonly #owner: ToldOwner;

  constructor(protocol: IProcessProtocol, owner: ToldOwner) {
    this.#protocol = protocol;
    this.#owner = owner;
  }

  exited(status: ExitStatus): void {
    this.#guard(() => this.#protocol.processExited(status));
  }

  ended(status: ExitStatus): void {
    this.#guard(() => this.#protocol.processEnded(status));
  }

  lost(error: Error): void {
    this.#guard(() => this.#protocol.processLost(error));
  }

  inputLost(): void {
    const protocol = this.#protocol;
    if ('inConnectionLost' in protocol) this.#guard(() => protocol.inConnectionLost());
  }

  outputLost(which: 'out' | 'err'): void {
    const protocol = this.#protocol;
    if (!('outConnectionLost' in protocol)) return;
    this.#guard(() => (which === 'out' ? protocol.outConnectionLost() : protocol.errConnectionLost()));
  }

  /** `processEnded` carries no reason, so what was thrown is a warning. */
  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      warnOfProtocol(asError(error));
      this.#owner.abortConnection();
    }
  }
}
