/**
 * The contract of running programs, as tests: what transport/contracts.ts says of IProcessTransport and
 * IProcessProtocol, for one way of starting them. What a way cannot do is declared in `capabilities`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { writeBorrowed } from '../../transport/borrowed.ts';
import type {
  IInputLossProtocol,
  IOutputLossProtocol,
  IProcessProtocol,
  IProcessTransport,
  QueueLimits,
} from '../../transport/contracts.ts';
import { SpawnError } from '../../transport/errors.ts';
import type { Program } from '../../transport/process/program.ts';
import { closeAfterTest } from '../support/cleanup.ts';
import { makeGate } from '../support/gate.ts';
import { ProcessRecorder } from '../support/process-recorder.ts';
import { printing, program, script, untilGone } from '../support/programs.ts';
import { PushSource } from '../support/sources.ts';
import { turns } from '../support/turns.ts';

/** Start a program; input is not echoed and bytes pass unchanged, except that a terminal may know an EOF character. */
export type Start = (
  program: Program,
  protocol: IProcessProtocol,
  limits?: QueueLimits,
) => IProcessTransport | Promise<IProcessTransport>;

export interface ProcessCapabilities {
  /** Standard error comes apart from standard output. */
  readonly stderr: boolean;
  /** It is told whether a core was written; otherwise never. @default false */
  readonly cores?: boolean;
  /** Grandchildren that hold the output delay `processEnded`. */
  readonly waitsForGrandchildren: boolean;
  /** What becomes of a program that goes on writing to an output which has been closed. */
  readonly closedOutput: 'its write fails' | 'it waits';
  /** How `cat` ends when all its streams are closed. */
  readonly hangUp: { readonly code: number | null; readonly signal: string | null };
}

class LossRecorder extends ProcessRecorder implements IInputLossProtocol, IOutputLossProtocol {
  inConnectionLost(): void {
    this.note('inConnectionLost');
  }

  outConnectionLost(): void {
    this.note('outConnectionLost');
  }

  errConnectionLost(): void {
    this.note('errConnectionLost');
  }

  get losses(): readonly string[] {
    return this.calls.filter(call => call.endsWith('ConnectionLost'));
  }
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** In pieces of one memory that is somebody else's again at once. */
function writePieces(to: IProcessTransport, data: Uint8Array): void {
  const memory = Buffer.alloc(30_000);
  for (let at = 0; at < data.length; at += memory.length) {
    const length = Buffer.from(data.subarray(at)).copy(memory);
    writeBorrowed(to, memory.subarray(0, length));
    memory.fill('?');
  }
}

const waysToWrite: Array<[name: string, write: (to: IProcessTransport, data: Uint8Array) => void]> = [
  ['written', (to, data) => to.write(data)],
  ['lent for the call', writePieces],
];

function bufferBytes(): number {
  const { arrayBuffers, external } = process.memoryUsage();
  return arrayBuffers + external;
}

export function processContract(name: string, start: Start, capabilities: ProcessCapabilities): void {
  const run = async (what: Program, limits?: QueueLimits): Promise<ProcessRecorder> => {
    const recorder = new ProcessRecorder();
    await start(what, recorder, limits);
    closeAfterTest(() => recorder.process.abortConnection()); // so that a test which fails leaves no program to others
    return recorder;
  };

  describe(`${name} runs programs`, () => {
    describe('starting', () => {
      test('the program gets its arguments, its argv[0] and its directory as they were given', async () => {
        const args = ['-c', 'tr "\\0" "\\n" < /proc/$$/cmdline; pwd', '', 'a b', '$(id)', "'", '日', '-n', '--'];
        const recorder = await run(program('/bin/bash', args, { argv0: '-shell', cwd: '/usr' }));
        await recorder.untilEnded();
        expect(recorder.text).toBe(`${['-shell', ...args, '/usr'].join('\n')}\n`);
      });

      test('the program gets exactly the environment that was given', async () => {
        const environment = { A: '1', empty: '', n: '2', fd: '3', 'a.b': 'c=d', text: 'two\nlines', LANG: 'xx_YY' };
        const recorder = await run(program('/usr/bin/env', ['-0'], { environment }));
        await recorder.untilEnded();
        const given = Object.entries(environment).map(pair => pair.join('='));
        expect(recorder.text.split('\0').filter(Boolean).sort()).toEqual(given.sort());
      });

      test('an empty environment is empty', async () => {
        const recorder = await run(program('/usr/bin/env', [], { environment: {} }));
        await recorder.untilEnded();
        expect(recorder.text).toBe('');
      });

      test('the program starts in the other directory, if it may and its own cannot be used, and says so', async () => {
        const prefix = { afterSwitch: ['/usr/bin/env'] };
        const rest = { args: ['-c', 'pwd; echo "$0"'], argv0: '-sh', fallbackCwd: '/usr' };
        const missing: Array<[what: Partial<Program>, name: string]> = [
          [{ cwd: '/nonexistent' }, '-sh'],
          [{ cwd: '/etc/passwd' }, '-sh'],
          [{ cwd: '/nonexistent', prefix, argv0: 'sh' }, '/bin/sh'],
        ];
        for (const [what, name] of missing) {
          const recorder = await run(script('', { ...rest, ...what }));
          await recorder.untilEnded();
          const lines = (recorder.text + recorder.errText).trim().split(/\r?\n/);
          const said = `Could not change to directory ${what.cwd}: starting in /usr`;
          expect(lines.sort()).toEqual([said, name, '/usr'].sort());
        }
        const recorder = await run(script('pwd', { cwd: '/usr', fallbackCwd: '/' }));
        await recorder.untilEnded();
        expect((recorder.text + recorder.errText).trim()).toBe('/usr');
      });

      const folder = mkdtempSync(join(tmpdir(), 'nacre-'));
      afterAll(() => rmSync(folder, { recursive: true }));
      const notExecutable = join(folder, 'text');
      writeFileSync(notExecutable, 'text');
      const refused: Array<[string, Program]> = [
        ['a missing file', program('/nonexistent/shell')],
        ['a file that is not executable', program(notExecutable)],
        ['a directory', program('/usr')],
        ['a name without its path', program('sh')],
        ['a missing working directory', script('true', { cwd: '/nonexistent' })],
        ['a working directory that is a file', script('true', { cwd: '/etc/passwd' })],
        ['a missing file in the other directory', program('/nonexistent', [], { fallbackCwd: '/' })],
        ['another directory that is missing, too', script('true', { cwd: '/nonexistent', fallbackCwd: '/none' })],
        ['another directory with a NUL', script('true', { fallbackCwd: '/\0' })],
        ['an argument with a NUL', program('/bin/echo', ['a\0b'])],
        ['a variable with a NUL', script('true', { environment: { A: 'a\0b' } })],
        ['a variable whose name has an equals sign', script('true', { environment: { 'A=B': '' } })],
      ];
      test.each(refused)(
        '%s is a SpawnError instead of a program, and the protocol hears nothing',
        async (_what, wrong) => {
          const recorder = new ProcessRecorder();
          await expect((async () => start(wrong, recorder))()).rejects.toThrow(SpawnError);
          await turns(20);
          expect(recorder.calls).toEqual([]);
        },
      );
    });

    describe('ending', () => {
      const endings: Array<[string, number | null, string | null]> = [
        ['true', 0, null],
        ['exit 3', 3, null],
        ['exit 255', 255, null],
        ['kill -TERM $$', null, 'SIGTERM'],
        ['kill -KILL $$', null, 'SIGKILL'],
        ['kill -SEGV $$', null, 'SIGSEGV'],
        ['kill -ABRT $$', null, 'SIGABRT'],
      ];
      test.each(endings)('%s is told as code %p, signal %p', async (text, code, signal) => {
        const recorder = await run(script(text));
        const mayDump = capabilities.cores === true && (signal === 'SIGSEGV' || signal === 'SIGABRT');
        const ending = { code, signal, coreDumped: mayDump ? expect.any(Boolean) : false };
        expect(await recorder.untilExited()).toEqual(ending);
        expect(await recorder.untilEnded()).toEqual(ending);
      });

      test('exited comes before ended, each once, and nothing follows', async () => {
        const recorder = await run(script('echo out'));
        await recorder.untilEnded();
        await turns(20);
        const once = (call: string): number => recorder.calls.filter(each => each === call).length;
        expect([once('processExited'), once('processEnded')]).toEqual([1, 1]);
        expect(recorder.calls.at(-1)).toBe('processEnded');
      });

      test('after the end every call is a silent no-op, pid is null, and both addresses are still known', async () => {
        const recorder = await run(script('read line'));
        const { process } = recorder;
        const [peer, host, pid] = [process.getPeer(), process.getHost(), process.pid];
        expect(peer).toMatchObject({ kind: 'process', pid });
        process.write(bytes('\n'));
        await recorder.untilEnded();
        const heard = [...recorder.calls];
        process.write(bytes('too late'));
        process.resize({ columns: 1, rows: 1, widthPixels: 0, heightPixels: 0 });
        process.pauseProducing();
        process.resumeProducing();
        process.loseWriteConnection();
        process.loseConnection();
        process.abortConnection();
        expect(process.signalProcess('TERM')).toBe(false);
        await turns(20);
        expect(recorder.calls).toEqual(heard);
        expect(process.pid).toBeNull();
        expect([process.getPeer(), process.getHost()]).toEqual([peer, host]);
      });

      test('loseConnection closes the streams of a program that reads, which ends it', async () => {
        const recorder = await run(program('/bin/cat'));
        recorder.process.write(bytes('running\n'));
        await recorder.until(() => recorder.text === 'running\n');
        recorder.process.loseConnection();
        expect(await recorder.untilEnded()).toMatchObject(capabilities.hangUp);
      });

      test("hangUp closes the streams now: what is queued is dropped, and no signal is sent but the kernel's", async () => {
        const recorder = await run(
          script('trap "exit 4" HUP; echo running; while read line; do :; done; sleep 0.1; exit 3'),
        );
        await recorder.until(() => recorder.text === 'running\n');
        recorder.process.registerProducer(new PushSource(recorder, { limit: 0 }), true);
        recorder.process.hangUp();
        const ending = await recorder.untilEnded();
        expect(ending).toMatchObject({ code: capabilities.hangUp.signal === null ? 3 : 4 });
      });

      test('abortConnection kills a program that listens to nothing else, and its group', async () => {
        const recorder = await run(script('trap "" HUP TERM; sleep 1000 & echo $!; wait'));
        await recorder.until(() => recorder.text.endsWith('\n'));
        recorder.process.abortConnection();
        expect(await recorder.untilEnded()).toMatchObject({ code: null, signal: 'SIGKILL' });
        await untilGone(Number(recorder.text));
      });

      test('a protocol that throws while receiving loses its own program and no other', async () => {
        const other = await run(script('read line; echo "unharmed $line"'));
        const thrower = new ProcessRecorder({
          outReceived: () => {
            throw new Error('a fault in the protocol');
          },
        });
        await start(script('echo cause; sleep 1000'), thrower);
        expect(await thrower.untilEnded()).toMatchObject({ signal: 'SIGKILL' });
        other.process.write(bytes('here\n'));
        await other.untilEnded();
        expect(other.text).toBe('unharmed here\n');
      });

      test('a protocol that throws in makeConnection has its program taken away again', async () => {
        const thrower = new ProcessRecorder({
          makeConnection: () => {
            throw new Error('a fault in the protocol');
          },
        });
        await start(script('sleep 1000'), thrower);
        expect(await thrower.untilEnded()).toMatchObject({ signal: 'SIGKILL' });
      });

      test('more than maxQueueBytes waiting kills the program, and takes no more memory', async () => {
        const recorder = await run(script('sleep 1000'), { maxQueueBytes: 1_000_000 });
        recorder.process.writeSequence([new Uint8Array(900_000), new Uint8Array(100_001)]);
        expect(await recorder.untilEnded()).toMatchObject({ signal: 'SIGKILL' });
      });

      test(`a grandchild that holds the output ${capabilities.waitsForGrandchildren ? 'delays processEnded only, and is heard' : 'is not waited for'}`, async () => {
        const gate = makeGate();
        const recorder = await run(script(`trap "" HUP; { ${gate.wait}; echo late; } & echo early`));
        await recorder.untilExited();
        if (capabilities.waitsForGrandchildren) {
          expect(recorder.endedWith).toBeUndefined();
          gate.open();
        }
        await recorder.untilEnded();
        gate.open();
        expect(recorder.text).toBe(capabilities.waitsForGrandchildren ? 'early\nlate\n' : 'early\n');
      });
    });

    describe('signals', () => {
      test.each(['USR1', 'SIGUSR1', 10])('%p reaches the program', async signal => {
        const recorder = await run(script('trap "echo heard; exit 7" USR1; echo ready; while :; do :; done'));
        await recorder.until(() => recorder.text === 'ready\n');
        expect(recorder.process.signalProcess(signal)).toBe(true);
        expect(await recorder.untilEnded()).toMatchObject({ code: 7 });
        expect(recorder.text).toBe('ready\nheard\n');
      });

      test.each(['NOPE', 'sigterm', '', 0, -1, 65, 1.5, NaN])('there is no signal %p: false', async signal => {
        const recorder = await run(program('/bin/cat'));
        expect(recorder.process.signalProcess(signal)).toBe(false);
        recorder.process.abortConnection();
        await recorder.untilEnded();
      });

      test('a signal reaches the whole group', async () => {
        const recorder = await run(script('sleep 1000 & echo $!; wait'));
        await recorder.until(() => recorder.text.endsWith('\n'));
        recorder.process.signalProcess('TERM');
        expect(await recorder.untilEnded()).toMatchObject({ signal: 'SIGTERM' });
        await untilGone(Number(recorder.text));
      });
    });

    describe('streams', () => {
      test(`standard error comes ${capabilities.stderr ? 'apart' : 'with the rest'}`, async () => {
        const recorder = await run(script('echo out; echo err >&2'));
        await recorder.untilEnded();
        const apart = [recorder.text, recorder.errText];
        expect(apart).toEqual(capabilities.stderr ? ['out\n', 'err\n'] : ['out\nerr\n', '']);
      });

      test('what is written is the input, and loseWriteConnection ends it behind all of it', async () => {
        const recorder = await run(script('wc -c'));
        recorder.process.write(bytes('one\n'));
        recorder.process.writeSequence([bytes('two\n'), bytes('th'), bytes('ree')]);
        recorder.process.loseWriteConnection();
        await recorder.untilEnded();
        expect(recorder.text.trim()).toBe('13');
      });

      test.each(waysToWrite)('a megabyte of lines, %s, comes back whole through a program', async (_way, write) => {
        const sent = Buffer.from(Array.from({ length: 100_000 }, (_, line) => `${line}`.padStart(9)).join('\n') + '\n');
        const recorder = await run(program('/bin/cat'));
        write(recorder.process, sent);
        recorder.process.loseWriteConnection();
        expect(await recorder.untilEnded()).toMatchObject({ code: 0 });
        expect(recorder.bytes.equals(sent)).toBe(true);
      });

      test('a producer is paused while the program does not read, and resumed when it does', async () => {
        const untilTold = `trap 'go=1' USR1; echo ready; while [ -z "$go" ]; do sleep 0.01; done`;
        const recorder = await run(script(`stty -icanon -echo 2>/dev/null; ${untilTold}; head -c 2000000 | wc -c`));
        await recorder.until(() => recorder.text.includes('ready'));
        const source = new PushSource(recorder, { limit: 2_015_232 });
        recorder.process.registerProducer(source, true);
        source.produce();
        await turns(50);
        expect([source.paused, source.written < 1_000_000]).toEqual([true, true]);
        recorder.process.signalProcess('USR1');
        await recorder.untilEnded();
        expect(recorder.text).toContain('2000000');
        expect(source.stopped).toBe(true);
      });

      // As much as any terminal holds: a program that says more waits for its reader before it can exit.
      test.each([5_000, 12_000])(
        'a reader that is paused when the program exits loses none of %d bytes',
        async size => {
          const recorder = new ProcessRecorder({ makeConnection: process => process.pauseProducing() });
          await start(printing(size), recorder);
          await recorder.untilExited();
          await turns(50);
          expect([recorder.received, recorder.calls.includes('processEnded')]).toEqual([0, false]);
          recorder.process.resumeProducing();
          await recorder.untilEnded();
          expect(recorder.received).toBe(size);
        },
      );

      test('a paused reader stops the program and fills no memory; resumed, it hears everything', async () => {
        const recorder = new ProcessRecorder({ makeConnection: process => process.pauseProducing() });
        const before = bufferBytes();
        await start(script('head -c 30000000 /dev/zero'), recorder);
        await turns(20_000); // idle turns are short
        expect(recorder.calls).toEqual(['makeConnection']);
        expect(bufferBytes() - before).toBeLessThan(5_000_000);
        recorder.process.resumeProducing();
        await recorder.untilEnded();
        expect(recorder.received).toBe(30_000_000);
      });

      test('output that is closed is heard no more, and the program can still be told what to do', async () => {
        const recorder = await run(script('echo ready; read go; exit 4'));
        await recorder.until(() => recorder.text === 'ready\n');
        if (!capabilities.stderr) recorder.process.pauseProducing(); // standard error would wait for its reader
        recorder.process.closeChildFD(1);
        recorder.process.write(bytes('go\n'));
        expect(await recorder.untilEnded()).toMatchObject({ code: 4 });
        expect(recorder.text).toBe('ready\n');
      });

      const fails = capabilities.closedOutput === 'its write fails';
      test(`of a program that writes to a closed output, ${capabilities.closedOutput}, though its reader was paused`, async () => {
        const recorder = new ProcessRecorder({ outReceived: () => recorder.process.pauseProducing() });
        const writing = fails ? 'yes 2>/dev/null' : 'head -c 3000000 /dev/zero';
        await start(script(`trap "" PIPE; ${writing}; exit 5`), recorder);
        await recorder.until(() => recorder.received > 0);
        const heard = recorder.received;
        recorder.process.closeChildFD(1);
        recorder.process.pauseProducing();
        if (!fails) {
          await turns(5_000); // idle turns are short
          expect(recorder.exitedWith).toBeUndefined();
          recorder.process.hangUp();
        }
        expect(await recorder.untilExited()).toMatchObject(fails ? { code: 5 } : { signal: 'SIGHUP' });
        recorder.process.resumeProducing(); // standard error
        await recorder.untilEnded();
        expect(recorder.received).toBe(heard);
      });

      if (capabilities.stderr) {
        test('standard error can be closed alone', async () => {
          const recorder = await run(
            script('trap "" PIPE; read go; while /bin/echo lost >&2; do :; done; echo closed'),
          );
          recorder.process.closeChildFD(2);
          recorder.process.write(bytes('go\n'));
          await recorder.untilEnded();
          expect([recorder.text, recorder.errText]).toEqual(['closed\n', '']);
        });

        test.each(waysToWrite)(
          'a closed input is told of when something is %s, once, and the program goes on',
          async (_way, write) => {
            const recorder = new LossRecorder();
            await start(script('trap "exit 6" TERM; exec <&-; echo closed; while :; do sleep 0.01; done'), recorder);
            await recorder.until(() => recorder.text === 'closed\n');
            expect(recorder.calls).not.toContain('inConnectionLost');
            write(recorder.process, bytes('in vain'));
            await recorder.until(() => recorder.calls.includes('inConnectionLost'));
            write(recorder.process, bytes('in vain'));
            recorder.process.signalProcess('TERM');
            expect(await recorder.untilEnded()).toMatchObject({ code: 6 });
            expect(recorder.losses.filter(call => call === 'inConnectionLost')).toHaveLength(1);
          },
        );

        test('a program that closes an output tells so behind what it said there, and goes on', async () => {
          const recorder = new LossRecorder();
          await start(script('echo last >&2; exec 2>&-; read go; echo out; exec >&-; read go; exit 5'), recorder);
          await recorder.until(() => recorder.losses.includes('errConnectionLost'));
          expect([recorder.errText, recorder.losses.length]).toEqual(['last\n', 1]);
          recorder.process.write(bytes('go\n'));
          await recorder.until(() => recorder.losses.includes('outConnectionLost'));
          expect([recorder.text, recorder.exitedWith]).toEqual(['out\n', undefined]);
          recorder.process.write(bytes('go\n'));
          expect(await recorder.untilEnded()).toMatchObject({ code: 5 });
          expect(recorder.losses).toEqual(['errConnectionLost', 'outConnectionLost']);
          expect(recorder.calls.at(-1)).toBe('processEnded');
        });

        test('an output that we close, and one that a grandchild holds, is told of once, before the end', async () => {
          const gate = makeGate();
          const recorder = new LossRecorder();
          await start(script(`read go; { ${gate.wait}; } >&2 &`), recorder);
          recorder.process.closeChildFD(1);
          await recorder.until(() => recorder.losses.includes('outConnectionLost'));
          recorder.process.write(bytes('go\n'));
          await recorder.untilExited();
          gate.open();
          await recorder.untilEnded();
          expect(recorder.losses).toEqual(['outConnectionLost', 'errConnectionLost']);
          const [err, exited] = ['errConnectionLost', 'processExited'].map(call => recorder.calls.indexOf(call));
          expect(err).toBeGreaterThan(exited!);
        });

        test('a protocol that throws when an output ends loses its own program', async () => {
          const thrower = Object.assign(new ProcessRecorder(), {
            outConnectionLost: () => {
              throw new Error('a fault in the protocol');
            },
            errConnectionLost: () => undefined,
          });
          await start(script('exec >&-; sleep 1000'), thrower);
          expect(await thrower.untilEnded()).toMatchObject({ signal: 'SIGKILL' });
        });
      } else {
        test('nothing is told when a program closes its terminal, which it can open again', async () => {
          const recorder = new LossRecorder();
          await start(script('exec 3>&1 >&- 2>&- <&- 3>&-; echo again >/dev/tty; exit 5'), recorder);
          expect(await recorder.untilEnded()).toMatchObject({ code: 5 });
          expect([recorder.text, recorder.losses]).toEqual(['again\n', []]);
        });
      }

      test('a reader that pauses again and again hears everything', async () => {
        const recorder = new ProcessRecorder({
          outReceived: () => {
            recorder.process.pauseProducing();
            setImmediate(() => recorder.process.resumeProducing());
          },
        });
        await start(printing(1_000_000), recorder);
        await recorder.untilEnded();
        expect(recorder.received).toBe(1_000_000);
      });
    });
  });
}
