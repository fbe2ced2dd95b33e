/** What only programs have that the addon starts. What all programs have is in test/contracts/. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, test } from '@jest/globals';
import { SpawnError } from '../../../transport/errors.ts';
import { textOfBytes } from '../../../transport/process/byte-text.ts';
import { hasNativePrograms, loadNativePrograms } from '../../../transport/process/native-programs.ts';
import { startsNatively } from '../../../transport/process/native-spawn.ts';
import { startNativelyOnTerminal } from '../../../transport/process/native-pty.ts';
import { startNatively } from '../../../transport/process/native-start.ts';
import type { Program } from '../../../transport/process/program.ts';
import { spawnPty } from '../../../transport/process/pty.ts';
import { has } from '../../interop/missing.ts';
import {
  builtNativePrograms,
  buildNativePrograms,
  compiler,
  spawnNatively,
  spawnPtyNatively,
} from '../../support/native-programs.ts';
import { ProcessRecorder } from '../../support/process-recorder.ts';
import { listDescriptors, noSignals, program, script, signals, untilGone } from '../../support/programs.ts';
import { quiet } from '../../support/terminals.ts';
import { expectNothingLeft, traces } from '../../support/traces.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o755 });
  return path;
}

async function ended(what: Program): Promise<ProcessRecorder> {
  const recorder = new ProcessRecorder();
  spawnNatively(buildNativePrograms)(what, recorder);
  await recorder.untilEnded();
  return recorder;
}

describe('without the addon', () => {
  test('nothing is started by it', () => {
    expect(startsNatively(program('/bin/true'))).toBe(false);
    expect(hasNativePrograms()).toBe(false);
    expect(() => startNatively(program('/bin/true'))).toThrow('npm run build:native');
    expect(() => startNativelyOnTerminal(program('/bin/true'), quiet)).toThrow('npm run build:native');
  });

  test('a file that is another one is passed over', () => {
    expect(loadNativePrograms(file('text.node', 'text'))).toBeUndefined();
    expect(loadNativePrograms(file('other.cjs', 'module.exports = { spawn: 1 }'))).toBeUndefined();
    expect(loadNativePrograms(file('older.cjs', 'module.exports = { spawn() {} }'))).toBeUndefined();
  });
});

/** A process of its own that has the addon: `spawn(places, argv, exited)` answers errno, process id and descriptors. */
const prelude = `
  const { readFileSync, readdirSync, openSync, closeSync } = require('node:fs');
  const block = texts => Buffer.from(texts.map(text => text + '\\0').join(''));
  const spawn = (file, args, exited = () => undefined) => {
    const result = new Int32Array(4);
    const error = library.spawn(block([file, '/']), block([file, ...args]), block([]), -1, result, exited);
    return [error, ...result];
  };
  const state = () =>
    [readdirSync('/proc/self/fd').length, readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8')].join();
`;

function inAnotherProcess(text: string): string {
  const code = `const library = require(process.argv[1]); ${prelude} ${text}`;
  const node = [process.execPath, '-e', code, builtNativePrograms().file];
  const few = 'ulimit -n 500; exec "$@"';
  const { stdout, stderr } = spawnSync('/bin/sh', ['-c', few, 'sh', ...node], { encoding: 'utf8' });
  return stdout + stderr;
}

if (has(compiler)) {
  describe('a program that the addon starts', () => {
    test('has three pipes and no other descriptor, whatever this process holds open', async () => {
      const terminal = new ProcessRecorder();
      spawnPty(program('/bin/cat'), quiet, terminal);
      expect((await ended(listDescriptors)).text).toBe('done\n');
      const { text } = await ended(script('for fd in 0 1 2; do readlink /proc/$$/fd/$fd; done'));
      expect(text.replaceAll(/\d+/g, 'N')).toBe('pipe:[N]\n'.repeat(3));
      terminal.process.abortConnection();
      await terminal.untilEnded();
    });

    test('is heard by a protocol that keeps what it hears, while another is read through the same memory', async () => {
      const hear = async (word: string): Promise<string> => {
        const kept: Uint8Array[] = [];
        const recorder = new ProcessRecorder();
        recorder.outReceived = data => void kept.push(data);
        spawnNatively(buildNativePrograms)(script(`yes ${word} | head -c 300000`), recorder);
        await recorder.untilEnded();
        return Buffer.concat(kept).toString();
      };
      const [ones, twos] = await Promise.all(['one', 'two'].map(hear));
      expect([ones === 'one\n'.repeat(75_000), twos === 'two\n'.repeat(75_000)]).toEqual([true, true]);
    });

    test('leads a session of its own', async () => {
      const { text } = await ended(script('cut -d" " -f1,5,6,7 < /proc/$$/stat; echo $$'));
      const [stat, pid] = text.trimEnd().split('\n');
      expect(stat).toBe(`${pid} ${pid} ${pid} 0`);
    });

    test('ignores and blocks no signal', async () => {
      expect((await ended(signals)).text).toBe(noSignals);
    });

    test('gets arguments and values byte by byte', async () => {
      const bytes = Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1));
      const text = textOfBytes(bytes);
      const said = await ended(program('/usr/bin/printf', ['%s', text]));
      expect(said.bytes.equals(bytes)).toBe(true);
      const { bytes: environment } = await ended(program('/usr/bin/env', ['-0'], { environment: { V: text } }));
      expect(environment.equals(Buffer.concat([Buffer.from('V='), bytes, Buffer.of(0)]))).toBe(true);
    });

    test('gets its umask from the launcher, and its own argv[0]', async () => {
      const { text } = await ended(script('umask; tr "\\0" "\\n" </proc/$$/cmdline | head -1', { umask: 0o27 }));
      expect(text).toBe('0027\n/bin/sh\n');
    });

    test('ends with any code from 0 to 255', async () => {
      for (let first = 0; first < 256; first += 16) {
        const codes = Array.from({ length: 16 }, (_, index) => first + index);
        const found = await Promise.all(codes.map(async code => (await ended(script(`exit ${code}`))).endedWith?.code));
        expect(found).toEqual(codes);
      }
    });

    test.each(['0', 'unlimited'])('tells of a core as a shell is told, with a limit of %s', async limit => {
      const dies = `ulimit -c ${limit}; kill -QUIT $$`;
      const { stderr } = spawnSync('/bin/bash', ['-c', `/bin/sh -c '${dies}'; :`], { cwd: folder, encoding: 'utf8' });
      expect((await ended(script(dies, { cwd: folder }))).endedWith).toEqual({
        ...{ code: null, signal: 'SIGQUIT' },
        coreDumped: stderr.includes('core dumped'),
      });
    });

    const refused: Array<[what: string, wrong: () => Program, name: string]> = [
      ['a format that nobody knows', () => program(file('format', '\x7fnothing')), 'ENOEXEC'],
      ['an interpreter that is missing', () => program(file('script', '#!/nonexistent\n')), 'ENOENT'],
      ['one argument more than the kernel takes', () => program('/bin/echo', ['x'.repeat(200_000)]), 'E2BIG'],
    ];
    test.each(refused)('%s is a SpawnError with its cause', (_what, wrong, name) => {
      const recorder = new ProcessRecorder();
      const start = (): unknown => spawnNatively(buildNativePrograms)(wrong(), recorder);
      expect(start).toThrow(SpawnError);
      expect(start).toThrow(`(${name})`);
      expect(recorder.calls).toEqual([]);
    });

    test('that cannot be started leaves neither a process nor a descriptor', () => {
      const [errors, before, after] = inAnotherProcess(`
        const refused = () => [spawn('/nonexistent', []), spawn('/etc', []), spawn('/bin/echo', ['x'.repeat(2e5)])];
        refused();
        const before = state();
        const errors = refused().map(([error]) => error);
        const after = state();
        console.log([errors, before, after].join('\\n'));
      `).split('\n');
      expect([errors, after]).toEqual(['2,13,7', before]);
    });

    test('keeps its process alive until its end has been told, and no longer', () => {
      const said = inAnotherProcess(`
        const [, , ...ends] = spawn('/bin/sleep', ['0.2'], (...end) => console.log('told', ...end));
        for (const fd of ends) closeSync(fd);
      `);
      expect(said).toBe('told 0 0 false\n');
    });

    test('is started beside Node’s own, and neither waits for the other’s', () => {
      const said = inAnotherProcess(`
        let open = 0;
        for (let index = 0; index < 40; index += 1) {
          require('node:child_process').spawn('/bin/sh', ['-c', 'exit 3']).on('exit', code => (open += code === 3));
          spawn('/bin/sh', ['-c', 'exit 4'], code => (open += code === 4));
        }
        process.on('exit', () => console.log(open));
      `);
      expect(said).toBe('80\n');
    });

    test('may throw where its end is told, which is an uncaught exception as any other', () => {
      const said = inAnotherProcess(`
        process.on('uncaughtException', ({ message }) => console.log('uncaught', message));
        spawn('/bin/true', [], () => { throw new Error('a fault') });
      `);
      expect(said).toBe('uncaught a fault\n');
    });

    test('is refused while too few descriptors are left, and nothing is left of it', () => {
      const said = inAnotherProcess(`
        const held = [];
        const errors = new Set();
        const fewLeft = (count, use) => {
          try { for (;;) held.push(openSync('/dev/null')) } catch { }
          for (const fd of held.splice(0, count)) closeSync(fd);
          errors.add(use());
          for (const fd of held.splice(0)) closeSync(fd);
        };
        const start = () => spawn('/nonexistent', [])[0];
        fewLeft(0, start);
        fewLeft(1, start);
        start();
        const before = state();
        const left = [];
        for (let count = 0; count < 10; count += 1) {
          fewLeft(count, start);
          if (state() !== before) left.push(count);
        }
        console.log([...errors, 'left', ...left].join());
      `);
      expect(said).toBe('24,2,left\n');
    });
  });

  describe('a program that the addon starts on a terminal', () => {
    const endedOnTerminal = async (what: Program): Promise<ProcessRecorder> => {
      const recorder = new ProcessRecorder();
      spawnPtyNatively(buildNativePrograms)(what, quiet, recorder);
      await recorder.untilEnded();
      return recorder;
    };

    test('leads a session whose terminal it is, and whose foreground it has', async () => {
      const { text } = await endedOnTerminal(
        script('cut -d" " -f1,5,6,8 < /proc/$$/stat; echo $$; tty; ps -o tty= $$'),
      );
      const [stat, pid, path, controlling] = text.trimEnd().split('\n');
      expect(stat).toBe(`${pid} ${pid} ${pid} ${pid}`);
      expect(path).toBe(`/dev/${controlling}`);
    });

    test('gets its umask from the launcher, and the terminal’s name and modes as without one', async () => {
      const recorder = new ProcessRecorder();
      const what = script('umask; [ "$SSH_TTY" = "$(tty)" ] && stty -a | grep -o -e "-echo " -e " iutf8"', {
        umask: 0o27,
      });
      spawnPtyNatively(buildNativePrograms)(what, { ...quiet, ttyVariable: 'SSH_TTY' }, recorder);
      await recorder.untilEnded();
      expect(recorder.text).toBe('0027\n iutf8\n-echo \n');
    });

    test('has its name for the terminal, without a launcher', async () => {
      const recorder = new ProcessRecorder();
      const what = script('[ "$SSH_TTY" = "$(tty)" ] && echo "$SSH_TTY"');
      spawnPtyNatively(buildNativePrograms)(what, { ...quiet, ttyVariable: 'SSH_TTY' }, recorder);
      await recorder.untilEnded();
      expect(recorder.text.trim()).toMatch(/^\/dev\/pts\/\d+$/);
    });

    test('and cannot, is a SpawnError that leaves no descriptor', async () => {
      const wrong = program(file('terminal-format', '\x7fnothing'));
      const recorder = new ProcessRecorder();
      const start = (): unknown => spawnPtyNatively(buildNativePrograms)(wrong, quiet, recorder);
      expect(start).toThrow(SpawnError);
      const before = traces([process.pid]);
      expect(start).toThrow('(ENOEXEC)');
      await expectNothingLeft([process.pid], before);
      expect(recorder.calls).toEqual([]);
    });

    test('is refused while too few descriptors are left, and nothing is left of it', () => {
      const said = inAnotherProcess(`
        const held = [];
        const errors = new Set();
        const openTerminal = () => library.openTerminal(new Int32Array(4), new Int32Array(3));
        for (const few of [0, 1]) {
          try { for (;;) held.push(openSync('/dev/null')) } catch { }
          for (const fd of held.splice(0, few)) closeSync(fd);
          errors.add(openTerminal());
          for (const fd of held.splice(0)) closeSync(fd);
          errors.add(state().split(',')[0]);
        }
        console.log([...errors].join());
      `);
      expect(said).toMatch(/^24,\d+\n$/);
    });

    test('whose settings are none is refused', () => {
      const library = buildNativePrograms();
      const EINVAL = 22;
      expect(library.openTerminal(new Int32Array(3), new Int32Array(3))).toBe(EINVAL);
      expect(library.openTerminal(new Int32Array(4), new Int32Array(2))).toBe(EINVAL);
      expect(library.resizeTerminal(-1, new Int32Array(4))).toBe(9);
    });
  });

  describe('in a worker', () => {
    const worker = (text: string): Worker =>
      new Worker(
        `const { parentPort, workerData } = require('node:worker_threads');
         const library = require(workerData); ${prelude} ${text}`,
        { eval: true, workerData: builtNativePrograms().file },
      );

    test('ends are told there', async () => {
      const [message] = (await once(
        worker(`spawn('/bin/true', [], (...end) => parentPort.postMessage(end))`),
        'message',
      )) as [unknown];
      expect(message).toEqual([0, 0, false]);
    });

    test('a worker that is terminated takes nothing of others with it', async () => {
      const ending = worker(`parentPort.postMessage(spawn('/bin/sleep', ['1000'])[1]); setInterval(() => 0, 1000)`);
      const [pid] = (await once(ending, 'message')) as [number];
      const other = new ProcessRecorder();
      spawnNatively(buildNativePrograms)(script('read line; exit 3'), other);
      expect(await ending.terminate()).toBe(1);
      process.kill(pid, 'SIGKILL');
      await untilGone(pid);
      other.process.write(Buffer.from('\n'));
      expect(await other.untilEnded()).toMatchObject({ code: 3 });
    });
  });
}
