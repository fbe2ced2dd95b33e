/** Telnet with other people's clients: Debian's in a real terminal, and a raw socket for every byte. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { listenTcp, type TcpListener } from '../../transport/sockets/tcp.ts';
import { TelnetOption } from '../../transport/telnet/codes.ts';
import type { ITelnetProtocol, ITelnetTransport, TelnetEvent } from '../../transport/telnet/contracts.ts';
import { telnet } from '../../transport/telnet/telnet.ts';
import { has, type Needed } from './missing.ts';
import { Screen } from './screen.ts';

const program = (name: string, packages: string): Needed => ({
  name,
  packages,
  isInstalled: () => existsSync(`/usr/bin/${name}`),
});

/** Asks for all that a client may tell, says what it was told, and repeats each line. */
class Reporter implements ITelnetProtocol {
  readonly events: TelnetEvent[] = [];
  readonly lines: string[] = [];
  #transport: ITelnetTransport | undefined;
  #line = '';

  makeConnection(transport: ITelnetTransport): void {
    this.#transport = transport;
    for (const option of [TelnetOption.NAWS, TelnetOption.TERMINAL_TYPE]) void transport.do(option);
    this.say('type');
  }

  telnetReceived(event: TelnetEvent): void {
    this.events.push(event);
    if (event.kind === 'size') this.say(`size ${event.size.columns}x${event.size.rows}`);
    if (event.kind === 'terminal-type') this.say(`terminal ${event.name}`);
    if (event.kind === 'command') this.say(`command ${event.command}`);
  }

  dataReceived(data: Uint8Array): void {
    const [first = '', ...more] = Buffer.from(data).toString('latin1').split('\n');
    this.#line += first;
    for (const next of more) {
      this.#lineReceived(this.#line);
      this.#line = next;
    }
  }

  connectionLost(): void {
    this.#transport = undefined;
  }

  say(text: string): void {
    this.#transport?.write(Buffer.from(`${text}\n`));
  }

  #lineReceived(line: string): void {
    this.lines.push(line);
    void this.#settled(line).then(() => {
      this.say(`heard ${JSON.stringify(line)}`);
      if (line === 'bye') this.#transport?.loseConnection();
    });
  }

  /** What the line asks for has been agreed on: a client changes the mode of its terminal before it answers. */
  async #settled(line: string): Promise<void> {
    if (line.startsWith('echo off')) await this.#transport?.will(TelnetOption.ECHO);
    if (line.startsWith('echo on')) await this.#transport?.wont(TelnetOption.ECHO);
  }
}

let home: string;
let listener: TcpListener;
let reporter: Reporter;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'nacre-telnet-'));
  listener = await listenTcp({ host: '127.0.0.1', port: 0 }, () => telnet((reporter = new Reporter())));
});
afterEach(async () => {
  await listener.close();
  rmSync(home, { recursive: true });
});

const port = (): string => String(listener.address.port);

function inTerminal(): void {
  let screen: Screen;
  beforeEach(async () => {
    screen = new Screen({ file: 'telnet', args: ['127.0.0.1', port()] }, home);
    await screen.until(/^type$/m);
  });
  afterEach(() => screen[Symbol.dispose]());

  test('tells the size of its window and the type of its terminal', async () => {
    await screen.until(/^size 100x30$/m);
    await screen.until(/^terminal screen-256color$/m);
  });

  test('tells the new size when the window changes', async () => {
    await screen.until(/^size 100x30$/m);
    screen.resize(120, 40);
    await screen.until(/^size 120x40$/m);
  });

  test('sends what is typed as lines', async () => {
    screen.enter('one line');
    await screen.until(/^heard "one line"$/m);
    screen.enter('');
    await screen.until(/^heard ""$/m);
    expect(reporter.lines).toEqual(['one line', '']);
  });

  test('shows nothing of what is typed while we say that we echo', async () => {
    screen.enter('echo off');
    await screen.until(/^heard "echo off"$/m);
    screen.enter('secret');
    const text = await screen.until(/^heard "secret\\?.*"$/m);
    expect(text).not.toMatch(/^secret/m);
    screen.enter('echo on');
    await screen.until(/^heard "echo on.*"$/m);
  });

  test('sends the commands that it is told to', async () => {
    screen.press('C-]');
    await screen.until(/telnet>/);
    screen.enter('send ayt');
    await screen.until(/^command 246$/m);
  });

  test('ends when we close', async () => {
    screen.enter('bye');
    await screen.until(/^heard "bye"\nConnection closed by foreign host\.\nended with status/m);
  });
}

describe('the telnet client of Debian', () => {
  if (has(program('telnet', 'inetutils-telnet')) && has(program('tmux', 'tmux'))) inTerminal();
});

/** Sends its input and prints what comes until the end, byte for byte. */
async function raw(input: Buffer, file: string, ...args: string[]): Promise<Buffer> {
  const client = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  client.stdin.end(input);
  return buffer(client.stdout);
}

describe('a raw client', () => {
  if (!has(program('socat', 'socat'))) return;

  test('finds every IAC doubled, both ways, and what it sends arrives as it is meant', async () => {
    const every = Buffer.from(
      Array.from({ length: 256 }, (_, byte) => byte).filter(byte => byte !== 10 && byte !== 13),
    );
    const doubled = Buffer.concat([every, Buffer.of(255)]); // 255 is the last
    const sent = Buffer.concat([doubled, Buffer.from('\r\nbye\r\n')]);
    const back = await raw(sent, 'socat', '-t60', '-', `TCP:127.0.0.1:${port()}`);
    expect(reporter.lines[0]).toBe(every.toString('latin1'));
    expect(back.subarray(0, 12).toString('hex')).toBe(`fffd1ffffd18${Buffer.from('type\r\n').toString('hex')}`);
  });
});

describe('bytes that are no text', () => {
  if (!has(program('socat', 'socat'))) return;

  test('come back as they were: 255 doubled each time, CR with its NUL', async () => {
    await using echo = await listenTcp({ host: '127.0.0.1', port: 0 }, () => {
      let transport: ITelnetTransport | undefined;
      const protocol = {
        makeConnection: (given: ITelnetTransport) => void (transport = given),
        dataReceived: (data: Uint8Array) => transport?.write(data),
        connectionLost: () => undefined,
      };
      return telnet(protocol, { lineEnds: 'crlf' });
    });
    const data = Buffer.from('\0\xff\xff\r\0x\r\n\xff\xff\xff\xff\x80', 'latin1');
    const back = await raw(data, 'socat', '-t60', '-', `TCP:127.0.0.1:${echo.address.port}`);
    expect(back).toEqual(data);
  });
});
