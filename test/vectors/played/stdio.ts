/**
 * Plays Twisted's StandardIO cases on ours, in a process of its own that reports its calls on descriptor 2.
 *
 * What the process and its parent do was part of the recorder and is written down here, by name. Output is compared
 * behind the calls: two pipes have no common order. Twisted's script ends after a second in which nothing happens; we
 * end it by closing what is left.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { RecordedEvent } from '../script.ts';
import { bytesOf, shown, type Log } from '../vectors.ts';

export interface StdioCase {
  readonly on: string;
  readonly name: string;
  readonly events: readonly RecordedEvent[];
}

interface Script {
  readonly child: { readonly halfCloseable?: boolean; readonly quiet?: boolean; readonly [call: string]: unknown };
  readonly parent: (child: Child) => Promise<void> | void;
}

const scripts: Readonly<Record<string, Script>> = {
  'stdin EOF with half-close protocol -> readConnectionLost, can still write': {
    child: { halfCloseable: true, readConnectionLost: [['write', 'after-eof'], ['loseConnection']] },
    parent: ({ stdin }) => void stdin.end('in'),
  },
  'loseWriteConnection notifies but does not close the descriptor (parent sees no EOF), reading goes on': {
    child: { halfCloseable: true, makeConnection: [['write', 'bye'], ['loseWriteConnection']] },
    parent: async child => {
      await child.hears('writeConnectionLost');
      await child.outputEnds();
      child.stdin.end('still reading');
    },
  },
  'reader of stdout goes away: a plain protocol is not told': {
    child: { dataReceived: [['write', 'is anybody there?']] },
    parent: async child => {
      await child.hears('connectionMade');
      child.stdout.destroy();
      await once(child.stdout, 'close');
      child.stdin.write('write');
      await child.hears('connectionLost');
      child.stdin.end();
    },
  },
  'reader of stdout goes away: a half-closeable protocol is told': {
    child: { halfCloseable: true, dataReceived: [['write', 'is anybody there?']] },
    parent: async child => {
      await child.hears('connectionMade');
      child.stdout.destroy();
      await once(child.stdout, 'close');
      child.stdin.write('write');
      await child.hears('Lost');
      child.stdin.end();
    },
  },
  'address type': {
    child: { quiet: true, makeConnection: [['getPeer'], ['loseConnection']] },
    parent: () => undefined,
  },
};

const program = fileURLToPath(new URL('../../support/stdio-child.js', import.meta.url));

export async function playStdio({ name, events }: StdioCase): Promise<{ twisted: Log; ours: Log }> {
  const script = scripts[name.replace('stdio: ', '')];
  if (!script) throw new Error(`nobody has said what happens in "${name}"`);
  const child = new Child(JSON.stringify(script.child));
  await script.parent(child);
  await child.ended;
  return { twisted: twistedLog(events), ours: child.log };
}

function twistedLog(events: readonly RecordedEvent[]): Log {
  const of = (what: string): Buffer =>
    Buffer.concat(events.flatMap(([kind, data]) => (kind === what ? [bytesOf(data as { b: string })] : [])));
  const calls = of('data2').toString().split('\n');
  const told = calls.filter(line => line !== '' && !line.startsWith('(nothing more'));
  return [...told, `output ${shown(of('data1'))}`];
}

const reasons: Readonly<Record<string, string>> = { done: 'ConnectionDone', lost: 'ConnectionLost' };

class Child {
  readonly ended: Promise<unknown>;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #outputEnded: Promise<unknown>;
  readonly #output: Buffer[] = [];
  #said = '';

  constructor(script: string) {
    this.#process = spawn(process.execPath, [program, 'reports', script], { stdio: 'pipe' });
    this.ended = once(this.#process, 'close');
    this.#outputEnded = once(this.#process.stdout, 'end');
    this.#process.stdout.on('data', (data: Buffer) => this.#output.push(data));
    this.#process.stderr.on('data', (data: Buffer) => (this.#said += data.toString()));
    this.#process.stdin.on('error', () => undefined); // it may be gone before it has read
  }

  get stdin() {
    return this.#process.stdin;
  }

  get stdout() {
    return this.#process.stdout;
  }

  get log(): Log {
    const lines = this.#said.split('\n').filter(line => line !== '');
    const told = lines.map(line => line.replace(/(?<=^connectionLost )\w+/, kind => reasons[kind] ?? kind));
    return [...told, `output ${shown(Buffer.concat(this.#output))}`];
  }

  /** The end of its output, which comes although it lives on. */
  async outputEnds(): Promise<void> {
    await this.#outputEnded;
    this.#said += '(its output has ended)\n';
  }

  async hears(call: string): Promise<void> {
    while (!this.#said.includes(call)) await once(this.#process.stderr, 'data');
  }
}
