/**
 * A terminal app over SSH: it says what was pressed, pasted or clicked. Control+C or control+D ends it.
 *
 * usage: node hello.js HOST-KEY AUTHORIZED-KEY. It prints the port that it listens on.
 */
import { readFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { loadHostKey } from 'nacre/keys';
import { listen, terminalApp } from 'nacre/server';
import { keystrokeName, TerminalProtocol, type ITerminalTransport, type Keystroke, type Paste } from 'nacre/terminal';

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

const [, , hostKeyFile = '', authorizedKeyFile = ''] = argv;
const authorized = Buffer.from((await readFile(authorizedKeyFile, 'utf8')).split(' ')[1] ?? '', 'base64');
const server = await listen(
  {
    listen: [{ host: '127.0.0.1', port: 0 }],
    hostKeys: [await loadHostKey(hostKeyFile)],
    authorize: (_user, key) => authorized.equals(key.blob),
  },
  terminalApp(() => new Hello()),
);
console.log(`listening on port ${server.addresses[0]?.port}`);
