/** A program that writes down what it is told, on a terminal whose other end is the test, with time that stands still. */
import type { ITerminalProtocol, ITerminalTransport } from '../../terminal/contracts.ts';
import { keystrokeName } from '../../terminal/keystroke.ts';
import type { TerminalOptions } from '../../terminal/options.ts';
import type { ServerTerminal, TerminalEnd } from '../../terminal/server-terminal.ts';
import { startTerminal } from '../../terminal/start-terminal.ts';
import { StringTransport } from '../../transport/memory/string-transport.ts';
import { FakeClock } from '../support/fake-clock.ts';

export class Program implements ITerminalProtocol {
  /** One line for each call. */
  readonly heard: string[] = [];
  /** Runs inside each call, after it was written down. */
  react: (line: string, terminal: ITerminalTransport) => void = () => undefined;
  #terminal: ITerminalTransport | undefined;

  makeConnection: ITerminalProtocol['makeConnection'] = terminal => {
    this.#terminal = terminal;
    this.#hear('made');
  };
  keystrokeReceived: ITerminalProtocol['keystrokeReceived'] = stroke => this.#hear(`key ${keystrokeName(stroke)}`);
  pasteReceived: ITerminalProtocol['pasteReceived'] = ({ text }) => this.#hear(`paste ${text}`);
  mouseReceived: ITerminalProtocol['mouseReceived'] = ({ event, column, row, pixels }) =>
    this.#hear(`mouse ${event} ${column},${row}${pixels ? ` (${pixels.x},${pixels.y})` : ''}`);
  focusReceived: ITerminalProtocol['focusReceived'] = focused => this.#hear(`focus ${focused}`);
  terminalSize: ITerminalProtocol['terminalSize'] = ({ columns, rows }) => this.#hear(`size ${columns}×${rows}`);
  unhandledControlSequence: ITerminalProtocol['unhandledControlSequence'] = sequence =>
    this.#hear(`unhandled ${Buffer.from(sequence).toString('latin1').replaceAll('\x1b', 'ESC ')}`);
  connectionLost: ITerminalProtocol['connectionLost'] = reason =>
    this.#hear(`lost ${reason.kind}${'error' in reason ? ` ${reason.error.message}` : ''}`);

  #hear(line: string): void {
    this.heard.push(line);
    if (this.#terminal) this.react(line, this.#terminal);
  }
}

export interface TerminalLab {
  readonly terminal: ServerTerminal;
  readonly program: Program;
  readonly wire: StringTransport;
  readonly clock: FakeClock;
  /** How the program ended, once for each time that the terminal closed. */
  readonly ends: readonly TerminalEnd[];
  /** The terminal's other end sends this. */
  readonly says: (bytes: string | Uint8Array) => void;
  /** What was written since the last time, with ESC for 0x1b. */
  readonly written: () => string;
}

export function openTerminal(options: TerminalOptions = {}, program = new Program()): TerminalLab {
  const wire = new StringTransport();
  const clock = new FakeClock();
  const ends: TerminalEnd[] = [];
  const terminal = startTerminal(wire, program, { clock, ...options }, end => {
    ends.push(end);
    wire.loseConnection();
  });
  return {
    terminal,
    program,
    wire,
    clock,
    ends,
    says: bytes => wire.receive(Buffer.from(bytes)),
    written: () => {
      const bytes = wire.value().toString('utf8').replaceAll('\x1b', 'ESC ');
      wire.clear();
      return bytes;
    },
  };
}
