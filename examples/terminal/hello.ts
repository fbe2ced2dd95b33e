/**
 * A terminal app over SSH: it says what was pressed, pasted or clicked. Control+C or control+D ends it.
 *
 * usage: node hello.js HOST-KEY AUTHORIZED-KEY. It prints the port that it listens on.
 */
import { keystrokeName, TerminalProtocol, type ITerminalTransport, type Keystroke, type Paste } from 'nacre/terminal';
import { serveApp } from './serve-app.ts';

class Hello extends TerminalProtocol {
  #terminal: ITerminalTransport | undefined;

  override makeConnection(terminal: ITerminalTransport): void {
    this.#terminal = terminal;
    terminal.setPrivateModes(['alternateScreen', 'bracketedPaste']);
    terminal.setTitle('hello');
    this.#say(`hello; your ${terminal.term} has ${this.#size()}`);
    void terminal
      .probe()
      .then(({ version, colours }) => this.#say(`it is ${version || 'nameless'}, ${colours} colours`));
  }

  override keystrokeReceived(stroke: Keystroke): void {
    if (stroke.control && /^[cd]$/.test(stroke.key)) this.#terminal?.loseConnection();
    else this.#say(`key ${keystrokeName(stroke)}`);
  }

  override pasteReceived({ text }: Paste): void {
    this.#say(`pasted ${JSON.stringify(text)}`);
  }

  override terminalSize(): void {
    this.#say(`now it has ${this.#size()}`);
  }

  #size(): string {
    const { columns = 0, rows = 0 } = this.#terminal?.size ?? {};
    return `${columns} columns and ${rows} rows`;
  }

  #say(line: string): void {
    this.#terminal?.writeText(`${line}\n`);
  }
}

await serveApp(() => new Hello());
