/**
 * The terminal's end of a program's connection: does on a terminal what the program writes, and answers what it asks.
 *
 * What is understood is done as operations, so the terminal remembers what to put back; what is not never reaches it.
 * Keys are not its business: whoever has them writes them to the program. After Twisted's insults.ClientProtocol, with
 * its bugs left behind (docs/twisted.md).
 */
import type { CloseReason } from '../../transport/close-reason.ts';
import type { IProtocol, IStreamTransport } from '../../transport/contracts.ts';
import type { ITerminalTransport } from '../contracts.ts';
import { perform } from './operation.ts';
import { OutputDecoder } from './output-decoder.ts';
import type { OutputOptions } from './options.ts';
import { answerTo, type Question } from './question.ts';

export interface ClientTerminalOptions extends Omit<OutputOptions, 'rows'> {
  /** Told what was not understood. */
  readonly unhandled?: (sequence: Uint8Array) => void;
}

export class ClientTerminal implements IProtocol {
  /** Resolves when the program's connection has ended. The terminal is left open, and as the program left it. */
  readonly ended: Promise<CloseReason>;
  readonly #terminal: ITerminalTransport;
  readonly #decoder: OutputDecoder;
  #program: IStreamTransport | undefined;
  #tellEnded = (_reason: CloseReason): void => undefined;

  /**
   * `terminal` is to have `convertNewlines: false`, as LF is only a step down for a program that knows its terminal. With
   * `clipboard`, it needs that option of its own too. Throws ConfigError.
   */
  constructor(terminal: ITerminalTransport, { unhandled, ...options }: ClientTerminalOptions = {}) {
    this.#terminal = terminal;
    this.ended = new Promise(resolve => (this.#tellEnded = resolve));
    this.#decoder = new OutputDecoder(
      {
        text: text => terminal.write(text),
        operation: operation => perform(operation, terminal),
        question: question => this.#answer(question),
        unhandled: sequence => unhandled?.(sequence),
      },
      options,
    );
  }

  /** The program is paused while the terminal has more than it can send. */
  makeConnection(program: IStreamTransport): void {
    this.#program = program;
    this.#terminal.registerProducer(program, true);
  }

  dataReceived(data: Uint8Array): void {
    this.#decoder.rows = this.#terminal.size.rows;
    this.#decoder.feed(data);
  }

  connectionLost(reason: CloseReason): void {
    this.#decoder.end();
    this.#program = undefined;
    this.#terminal.unregisterProducer();
    this.#tellEnded(reason);
  }

  /** A terminal that does not answer is one that does not know the question: then the program hears nothing either. */
  #answer(question: Question): void {
    answerTo(question, this.#terminal).then(
      answer => this.#program?.write(Buffer.from(answer, 'utf8')),
      () => undefined,
    );
  }
}
