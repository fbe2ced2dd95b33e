/**
 * A program that asks for lines, written as one asynchronous function: the terminal is closed when it ends.
 *
 * The end of input, control+C and the end of the connection end it quietly, unless the function deals with them itself.
 */
import { emitWarning } from 'node:process';
import { asError, ConnectionLostError, EndOfInputError, InterruptedError } from '../../transport/errors.ts';
import type { ITerminalProtocol, ITerminalTransport } from '../contracts.ts';
import { LineEditor } from './line-editor.ts';
import type { LineEditorOptions } from './options.ts';

export interface LineProgramOptions extends LineEditorOptions {
  /** What the function failed with. The terminal is closed. @default a warning of the process */
  readonly failed?: (error: Error) => void;
}

/** A terminal protocol that runs `program` on its terminal. Throws ConfigError. */
export function lineProgram(
  program: (lines: LineEditor) => Promise<void>,
  { failed = emitWarning, ...options }: LineProgramOptions = {},
): ITerminalProtocol {
  return new LineProgram(options, program, failed);
}

class LineProgram extends LineEditor {
  readonly #program: (lines: LineEditor) => Promise<void>;
  readonly #failed: (error: Error) => void;

  constructor(
    options: LineEditorOptions,
    program: (lines: LineEditor) => Promise<void>,
    failed: (error: Error) => void,
  ) {
    super(options);
    this.#program = program;
    this.#failed = failed;
  }

  override makeConnection(terminal: ITerminalTransport): void {
    super.makeConnection(terminal);
    void this.#run(terminal);
  }

  async #run(terminal: ITerminalTransport): Promise<void> {
    try {
      await this.#program(this);
    } catch (error) {
      if (!isEnd(error)) this.#failed(asError(error));
    }
    terminal.loseConnection();
  }
}

const isEnd = (error: unknown): boolean =>
  error instanceof EndOfInputError || error instanceof InterruptedError || error instanceof ConnectionLostError;
