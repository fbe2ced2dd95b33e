/**
 * A program that asks for lines, written as one asynchronous function: the terminal is closed when it ends.
 *
 * The end of input, control+C and the end of the connection end it quietly, unless the function deals with them itself.
 */
import { asError, ConnectionLostError, EndOfInputError, InterruptedError } from '../../transport/errors.ts';
import type { ITerminalProtocol, ITerminalTransport } from '../contracts.ts';
import { LineEditor } from './line-editor.ts';
import type { LineEditorOptions } from './options.ts';

/** A terminal protocol that runs `program` on its terminal, which fails if `program` rejects. Throws ConfigError. */
export function lineProgram(
  program: (lines: LineEditor) => Promise<void>,
  options: LineEditorOptions = {},
): ITerminalProtocol {
  return new LineProgram(options, program);
}

class LineProgram extends LineEditor {
  readonly #program: (lines: LineEditor) => Promise<void>;

  constructor(options: LineEditorOptions, program: (lines: LineEditor) => Promise<void>) {
    super(options);
    this.#program = program;
  }

  override makeConnection(terminal: ITerminalTransport): void {
    super.makeConnection(terminal);
    void this.#run(terminal);
  }

  async #run(terminal: ITerminalTransport): Promise<void> {
    try {
      await this.#program(this);
    } catch (error) {
      if (!isEnd(error)) return terminal.fail(asError(error));
    }
    terminal.loseConnection();
  }
}

const isEnd = (error: unknown): boolean =>
  error instanceof EndOfInputError || error instanceof InterruptedError || error instanceof ConnectionLostError;
