/** A program on a terminal that is an emulator: what is typed, and what a person sees. */
import type { ITerminalProtocol } from '../../../terminal/contracts.ts';
import { ScreenBuffer } from '../../../terminal/screen/screen-buffer.ts';
import type { ServerTerminal, TerminalEnd } from '../../../terminal/server-terminal.ts';
import { startTerminal } from '../../../terminal/start-terminal.ts';
import { StringTransport } from '../../../transport/memory/string-transport.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { turns } from '../../support/turns.ts';

export class ScreenLab {
  readonly wire = new StringTransport();
  readonly clock = new FakeClock();
  readonly terminal: ServerTerminal;
  readonly emulator: ScreenBuffer;
  /** How the program ended; undefined while it has not. */
  end: TerminalEnd | undefined;

  constructor(program: ITerminalProtocol, { columns = 40, rows = 10 } = {}) {
    this.emulator = new ScreenBuffer({ columns, rows });
    const size = { columns, rows, widthPixels: 0, heightPixels: 0 };
    this.terminal = startTerminal(this.wire, program, { clock: this.clock, size }, end => {
      this.end = end;
      this.wire.loseConnection();
    });
  }

  /** Bytes from the terminal; resolves when the emulator shows what they did. */
  async type(bytes: string): Promise<void> {
    this.wire.receive(Buffer.from(bytes));
    this.clock.pass(1_000);
    await this.settle();
  }

  /** Hand what was written to the emulator, and its answers back, until there is nothing more. */
  async settle(): Promise<void> {
    for (;;) {
      await turns(2);
      const written = this.wire.value();
      this.wire.clear();
      this.emulator.write(written);
      const replies = this.emulator.takeReplies();
      if (replies !== '') this.wire.receive(Buffer.from(replies));
      else if (written.length === 0) return;
    }
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.settle();
    this.emulator.resize(columns, rows);
    this.terminal.resized({ columns, rows, widthPixels: 0, heightPixels: 0 });
    await this.settle();
  }

  /** The rows up to the last that has anything, the cursor's place as `▏`. */
  screen(): string[] {
    const { rows, cursor } = this.emulator;
    const shown = rows
      .map(row => row.trimEnd())
      .map((row, index) => (index === cursor.row ? withCursor(row, this.#units(cursor)) : row));
    while (shown.at(-1) === '') shown.pop();
    return shown;
  }

  /** UTF-16 units before the cursor in its row. */
  #units({ column, row }: { readonly column: number; readonly row: number }): number {
    let units = 0;
    for (let at = 0; at < column; at += 1) {
      const { text, width } = this.emulator.cell(at, row);
      units += width === 0 ? 0 : Math.max(1, text.length);
    }
    return units;
  }

  [Symbol.dispose](): void {
    this.emulator[Symbol.dispose]();
  }
}

const withCursor = (row: string, at: number): string => `${row.slice(0, at).padEnd(at)}▏${row.slice(at)}`;
