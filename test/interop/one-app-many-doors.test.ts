/** The chat room of the example, entered by every door with other people's programs: everybody hears everybody. */
import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { build } from './build.ts';
import { has } from './missing.ts';

const example = fileURLToPath(new URL('../../dist/examples/one-app-many-doors.js', import.meta.url));

/** Somebody in the room: says lines, and can wait for what is heard. */
class Visitor extends EventEmitter {
  heard = '';
  readonly say: (line: string) => void;
  readonly #leave: () => void;

  constructor(say: (line: string) => void, leave: () => void) {
    super();
    this.say = say;
    this.#leave = leave;
  }

  hear(data: Uint8Array | string): void {
    this.heard += typeof data === 'string' ? data : Buffer.from(data).toString();
    this.emit('heard');
  }

  async until(pattern: RegExp): Promise<RegExpExecArray> {
    const signal = AbortSignal.timeout(30_000);
    for (;;) {
      const match = pattern.exec(this.heard);
      if (match) return match;
      await once(this, 'heard', { signal }).catch(() => {
        throw new Error(`never heard ${pattern}:\n${this.heard}`);
      });
    }
  }

  leave(): void {
    this.#leave();
  }
}

/** A program's standard input and output as a visitor. */
function program(file: string, args: readonly string[]): Visitor {
  const child: ChildProcess = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin?.on('error', () => undefined); // it has left
  const visitor = new Visitor(
    line => child.stdin?.write(`${line}\n`),
    () => child.kill(),
  );
  if (file === 'curl') nudge(child);
  child.on('error', error => visitor.hear(`${file}: ${error.message}\n`));
  child.stdout?.on('data', (data: Uint8Array) => visitor.hear(data));
  return visitor;
}

/** curl 7.88 shows what it was sent only when it is given something to send; the room ignores empty lines. */
function nudge(child: ChildProcess): void {
  const timer = setInterval(() => child.stdin?.write('\n'), 25);
  child.on('close', () => clearInterval(timer));
  child.stdin?.on('error', () => clearInterval(timer));
}

function webSocket(url: string): Visitor {
  const socket = new WebSocket(url);
  socket.on('message', (data: Buffer) => visitor.hear(data));
  const visitor = new Visitor(
    line => socket.send(Buffer.from(`${line}\n`)),
    () => socket.terminate(),
  );
  return visitor;
}

/** The door, the package of the program that goes through it (none: Node does), and how the example says to do it. */
const doors: ReadonlyArray<readonly [door: string, file: string, packages: string, invitation: RegExp]> = [
  ['tcp', 'nc', 'netcat-openbsd', /^ {2}nc (\S+) (\d+)$/m],
  ['telnet', 'telnet', 'inetutils-telnet', /^ {2}telnet (\S+) (\d+)$/m],
  ['unix', 'socat', 'socat', /^ {2}socat (-) (\S+)$/m],
  ['http2', 'curl', 'curl', /^ {2}curl (-sN) (--http2-prior-knowledge) (-T) (-) (\S+)$/m],
];

let person: Visitor;
let host: ChildProcess;

beforeAll(() => build(), 120_000);
beforeAll(async () => {
  host = spawn(process.execPath, [example], { stdio: ['pipe', 'pipe', 'inherit'] });
  person = new Visitor(
    line => host.stdin?.write(`${line}\n`),
    () => host.stdin?.end(),
  );
  host.stdout?.on('data', (data: Uint8Array) => person.hear(data));
  await person.until(/\* you are stdio-\d+; here: worker-\d+, loopback-\d+;/);
});
afterAll(() => void host.kill('SIGKILL'));

/** `visitor` comes in by `door`, is answered by the worker and the loopback, and talks with the person at the host. */
async function visits(visitor: Visitor, door: string): Promise<void> {
  const [, name = ''] = await visitor.until(/you are (\S+);/);
  expect(name).toMatch(new RegExp(`^${door}-`));
  await person.until(new RegExp(`^\\* ${name} came in$`, 'm'));
  visitor.say('ping');
  await visitor.until(/^worker-\d+: pong/m);
  await visitor.until(/^loopback-\d+: pong/m);
  visitor.say('grüße');
  await person.until(new RegExp(`^${name}: grüße$`, 'm'));
  person.say(`good day, ${name}`);
  await visitor.until(new RegExp(`^stdio-\\d+: good day, ${name}`, 'm'));
  visitor.say('/quit');
  await person.until(new RegExp(`^\\* ${name} left$`, 'm'));
  visitor.leave();
}

for (const [door, file, packages, invitation] of doors) {
  if (!has({ name: file, packages, isInstalled: () => existsSync(`/usr/bin/${file}`) })) continue;
  test(`${file} goes through the door '${door}'`, async () => {
    const [, ...args] = await person.until(invitation);
    await visits(program(file, args), door);
  });
}

test("a WebSocket goes through the door 'websocket'", async () => {
  const [, url = ''] = await person.until(/'(ws:\S+)'/);
  await visits(webSocket(url), 'websocket');
});

test('when the person at the host leaves, the room closes and the example ends', async () => {
  const [, address = '', port = ''] = await person.until(/^ {2}nc (\S+) (\d+)$/m);
  const last = program('nc', [address, port]);
  await last.until(/you are/);
  const exited = once(host, 'exit');
  person.leave();
  await last.until(/^\* the room is closed$/m);
  last.leave();
  expect(await exited).toEqual([0, null]);
});
