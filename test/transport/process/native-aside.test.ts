/** Programs that threads of the addon start, while the event loop goes on. What all programs have is in test/contracts/. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, describe, expect, jest, test } from '@jest/globals';
import type { IProcessProtocol } from '../../../transport/contracts.ts';
import { SpawnError } from '../../../transport/errors.ts';
import { Patience } from '../../../transport/patience.ts';
import { startNativelyOnTerminalAside } from '../../../transport/process/native-pty.ts';
import { startNativelyAside } from '../../../transport/process/native-start.ts';
import type { NativePrograms } from '../../../transport/process/native-programs.ts';
import type { Program } from '../../../transport/process/program.ts';
import { has } from '../../interop/missing.ts';
import { holdDirectory, testWithHeldDirectory } from '../../support/held-directory.ts';
import { holder, holdFile, perl } from '../../support/held-file.ts';
import { builtNativePrograms, buildNativePrograms, compiler, nativeRunner } from '../../support/native-programs.ts';
import { Journal } from '../../support/journal.ts';
import { PATIENCE } from '../../support/patience.ts';
import { ProcessRecorder } from '../../support/process-recorder.ts';
import { noSignals, program, script, signals } from '../../support/programs.ts';
import { quiet } from '../../support/terminals.ts';
import { expectNothingLeft, traces } from '../../support/traces.ts';
import { turns } from '../../support/turns.ts';

const folder = mkdtempSync(join(tmpdir(), 'nacre-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => void jest.useRealTimers());

let files = 0;
function executable(text: string): string {
  const path = join(folder, `file${(files += 1)}`);
  writeFileSync(path, text, { mode: 0o755 });
  return path;
}

const runner = nativeRunner(buildNativePrograms);
const ways: Array<[name: string, start: (what: Program, protocol: IProcessProtocol) => Promise<unknown>]> = [
  ['on pipes', (what, protocol) => runner.spawn(what, protocol)],
  ['on a terminal', (what, protocol) => runner.spawnPty(what, quiet, protocol)],
];

async function started(start: (typeof ways)[number][1], what: Program): Promise<ProcessRecorder> {
  const recorder = new ProcessRecorder();
  await start(what, recorder);
  return recorder;
}

/** How many children of this process were started by a command line that has `text` in it. */
const childrenOf = (text: string): number =>
  readdirSync('/proc/self/task')
    .flatMap(thread => readFileSync(`/proc/self/task/${thread}/children`, 'utf8').match(/\d+/g) ?? [])
    .filter(pid => commandLine(pid).includes(text)).length;

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

/** A process of its own that has the addon, and a script that takes long to open in `held`. */
function inAnotherProcess(text: string): string {
  const prelude = `
    const { spawn } = require('node:child_process');
    const { readdirSync, readFileSync, readlinkSync } = require('node:fs');
    const { Worker } = require('node:worker_threads');
    const block = texts => Buffer.from(texts.map(text => text + '\\0').join(''));
    const start = (library, file, args, started) =>
      library.start(block([file, '/']), block([file, ...args]), block([]), -1, new Int32Array(4), () => undefined, started);
    const target = fd => { try { return readlinkSync('/proc/self/fd/' + fd) } catch { return '' } };
    const opened = kind => readdirSync('/proc/self/fd').filter(fd => target(fd).includes(kind)).length;
    const children = () => readdirSync('/proc/self/task').flatMap(
      thread => readFileSync('/proc/self/task/' + thread + '/children', 'utf8').match(/\\d+/g) ?? []);
    const [addon, held] = process.argv.slice(1);
    const perl = spawn('perl', ['-e', ${JSON.stringify(holder)}, held], { stdio: ['pipe', 'pipe', 'inherit'] });
    const says = what => new Promise(resolve => perl.stdout.once('data', text => resolve(String(text) === what + '\\n')));
  `;
  const code = `${prelude} says('held').then(async () => { ${text} })`;
  const args = ['-e', code, builtNativePrograms().file, executable('#!/bin/sh\n')];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: PATIENCE });
  return `${stdout}${stderr}${status}`;
}

describe('without the addon', () => {
  test('nothing is started by it', async () => {
    await expect(startNativelyAside(program('/bin/true'))).rejects.toThrow('npm run build:native');
    await expect(startNativelyOnTerminalAside(program('/bin/true'), quiet)).rejects.toThrow('npm run build:native');
  });
});

if (has(compiler)) {
  describe.each(ways)('a program that a thread of the addon starts %s', (_name, start) => {
    const refused: Array<[what: string, wrong: () => Program, name: string]> = [
      ['a format that nobody knows', () => program(executable('\x7fnothing')), 'ENOEXEC'],
      ['an interpreter that is missing', () => program(executable('#!/nonexistent\n')), 'ENOENT'],
      ['an interpreter that may not be executed', () => program(executable('#!/etc/passwd\n')), 'EACCES'],
      ['one argument more than the kernel takes', () => program('/bin/echo', ['x'.repeat(200_000)]), 'E2BIG'],
    ];
    test.each(refused)('%s is a SpawnError with its cause, which leaves nothing', async (_what, wrong, name) => {
      const recorder = new ProcessRecorder();
      const what = wrong();
      await expect(start(what, recorder)).rejects.toThrow(SpawnError);
      const before = traces([process.pid]);
      await expect(start(what, recorder)).rejects.toThrow(`(${name})`);
      await expectNothingLeft([process.pid], before);
      expect(recorder.calls).toEqual([]);
    });

    test('ignores and blocks no signal', async () => {
      const recorder = await started(start, signals);
      await recorder.untilEnded();
      expect(recorder.text.replaceAll('\r', '')).toBe(noSignals);
    });

    test('is one of many that are started at once, and each is heard by its own protocol', async () => {
      const numbers = Array.from({ length: 250 }, (_, index) => index);
      const all = await Promise.all(numbers.map(number => started(start, program('/bin/echo', [String(number)]))));
      await Promise.all(all.map(recorder => recorder.untilEnded()));
      expect(all.map(({ text }) => Number(text))).toEqual(numbers);
    });

    if (has(perl)) {
      test('may take long to open: the event loop goes on, and others are started', async () => {
        const file = executable('#!/bin/sh\necho late; exit 3');
        const held = await holdFile(file);
        const late = new ProcessRecorder();
        const starting = start(program(file), late);
        await held.wanted();
        const other = await started(start, program('/bin/echo', ['meanwhile']));
        await other.untilEnded();
        expect([other.text.trim(), late.calls]).toEqual(['meanwhile', []]);
        held.letGo();
        await starting;
        expect([(await late.untilEnded()).code, late.text.trim()]).toEqual([3, 'late']);
      });

      test('takes few threads while it takes long to open, however often it is wanted', async () => {
        const file = executable('#!/bin/sh\nexit 3');
        const held = await holdFile(file);
        const late = Array.from({ length: 40 }, () => started(start, program(file)));
        await held.wanted();
        await (await started(start, program('/bin/true'))).untilEnded();
        held.letGo();
        const codes = (await Promise.all(late)).map(async recorder => (await recorder.untilEnded()).code);
        expect(new Set(await Promise.all(codes))).toEqual(new Set([3]));
      });
    }

    testWithHeldDirectory('may take long to enter its directory: others are started', async () => {
      const held = await holdDirectory();
      const late = Array.from({ length: 40 }, () => started(start, script('pwd', { cwd: held.path })));
      await held.wanted();
      const other = await started(start, program('/bin/echo', ['meanwhile']));
      await other.untilEnded();
      expect(other.text.trim()).toBe('meanwhile');
      held.letGo();
      const texts = (await Promise.all(late)).map(async recorder => {
        await recorder.untilEnded();
        return recorder.text.trim();
      });
      expect(new Set(await Promise.all(texts))).toEqual(new Set([held.path]));
    });
  });

  const patient: Array<
    [name: string, start: (what: Program, patience: Patience, library?: NativePrograms) => Promise<unknown>]
  > = [
    ['on pipes', (what, patience, library = buildNativePrograms()) => startNativelyAside(what, library, patience)],
    [
      'on a terminal',
      (what, patience, library = buildNativePrograms()) => startNativelyOnTerminalAside(what, quiet, library, patience),
    ],
  ];
  const ECANCELED = 125;

  describe.each(patient)('one whose directory takes too long %s', (_name, start) => {
    testWithHeldDirectory('is an error, and is not started when the directory answers', async () => {
      const held = await holdDirectory();
      const patience = new Patience({ most: 1, mostOfOne: 1, time: 1_000 });
      const outcomes = new Journal<[error: number, pidOrLook: number]>();
      const { start: startByAddon, ...library } = buildNativePrograms();
      const listening: NativePrograms = {
        ...library,
        start: (...given) => {
          const tell = given.pop() as (error: number, pidOrLook: number) => void;
          return startByAddon(...(given as unknown as Parameters<NativePrograms['spawn']>), (...outcome) => {
            outcomes.note(outcome);
            tell(...outcome);
          });
        },
      };
      jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
      const starting = start(script('true', { cwd: held.path }), patience, listening);
      const refused = expect(starting).rejects.toThrow('there was no answer for 1 s');
      await held.wanted();
      jest.advanceTimersByTime(1_000);
      await refused;
      jest.useRealTimers();
      held.letGo();
      await outcomes.until(() => outcomes.entries.length > 0, 'what comes of the start');
      expect(outcomes.entries).toEqual([[ECANCELED, -1]]);
    });
  });

  testWithHeldDirectory('one whose directory takes longer than its worker lives is not started', async () => {
    const held = await holdDirectory();
    const worker = new Worker(
      `
        const { parentPort, workerData: { addon, directory } } = require('node:worker_threads');
        const block = texts => Buffer.from(texts.map(text => text + '\\0').join(''));
        const ends = new Int32Array(4);
        const places = block(['/bin/echo', directory, 'd' + directory]);
        const nothing = () => undefined;
        require(addon).start(places, block(['echo', 'started']), block([]), -1, ends, nothing, nothing);
        parentPort.postMessage([...ends]);
      `,
      { eval: true, workerData: { addon: builtNativePrograms().file, directory: held.path } },
    );
    const [[, stdin, stdout, stderr]] = (await once(worker, 'message')) as [[number, number, number, number]];
    await held.wanted();
    await worker.terminate();
    for (const fd of [stdin, stderr]) closeSync(fd);
    held.letGo();
    expect(await text(new Socket({ fd: stdout, readable: true, writable: false }))).toBe('');
  });

  test('nothing is abandoned but a start that is not over', async () => {
    const { start, abandon } = buildNativePrograms();
    const block = (texts: readonly string[]): Buffer => Buffer.from(texts.map(text => `${text}\0`).join(''));
    const [ENOENT, EINVAL] = [2, 22];
    const result = new Int32Array(4);
    const given = [
      block(['/nonexistent', '/']),
      block(['none']),
      Buffer.alloc(0),
      -1,
      result,
      () => undefined,
    ] as const;
    const error = await new Promise<number>(resolve => void start(...given, resolve));
    for (const fd of result.subarray(1)) closeSync(fd);
    expect([error, result[0]]).toEqual([ENOENT, expect.any(Number)]);
    const wrong = [result[0], 0, -1, 'one'] as number[];
    expect(wrong.map(number => abandon(number))).toEqual(wrong.map(() => EINVAL));
  });

  if (has(perl)) {
    test.each(patient)('one that takes too long %s is an error, and is killed when it starts', async (_name, start) => {
      const file = executable('#!/bin/sh\nread forever </dev/zero');
      const held = await holdFile(file);
      const patience = new Patience({ most: 2, mostOfOne: 1, time: 1_000 });
      jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
      const error = `cannot start ${file} in /: there was no answer for 1 s`;
      const refused = expect(start(program(file), patience)).rejects.toThrow(error);
      await held.wanted();
      jest.advanceTimersByTime(1_000);
      await refused;
      jest.useRealTimers();
      await expect(start(program(file), patience)).rejects.toThrow('somebody has been waiting there');
      held.letGo();
      const isOver = (): Promise<boolean> => patience.run(`${file}\0/`, () => Promise.resolve(true)).catch(() => false);
      while (!(await isOver())) await turns(1);
      while (childrenOf(file) > 0) await turns(1);
    });
  }

  test.each(ways)('what a program %s needs and has not is said', async (_name, start) => {
    const text = executable('text');
    chmodSync(text, 0o644);
    const refused: Array<[what: Program, why: string]> = [
      [program('/nonexistent'), 'the program cannot be used: /nonexistent: no such file or directory (ENOENT)'],
      [program('/usr'), 'the program cannot be used: it is not a file'],
      [program(text), `the program cannot be used: ${text}: permission denied (EACCES)`],
      [
        script('true', { cwd: '/none' }),
        'the working directory cannot be used: /none: no such file or directory (ENOENT)',
      ],
      [script('true', { cwd: text }), 'the working directory cannot be used: it is not a directory'],
      [
        script('true', { prefix: { afterSwitch: ['/none'] } }),
        'a prefix cannot be used: /none: no such file or directory (ENOENT)',
      ],
    ];
    for (const [what, why] of refused) {
      const recorder = new ProcessRecorder();
      const starting = start(what, recorder);
      await expect(starting).rejects.toThrow(SpawnError);
      await expect(starting).rejects.toThrow(why);
      expect(recorder.calls).toEqual([]);
    }
  });

  test('calls without what they need are refused', () => {
    const { start } = buildNativePrograms();
    const [places, none, result] = [Buffer.from('/bin/true\0/\0'), Buffer.alloc(0), new Int32Array(4)];
    const nothing = (): void => undefined;
    const wrong = [
      [places, places, none, -1, result, nothing],
      [places, places, none, -1, result, 'text', nothing],
      [places, places, none, -1, new Int32Array(3), nothing, nothing],
      [places, none, none, -1, result, nothing, nothing],
      [none, places, none, -1, result, nothing, nothing],
    ] as unknown as Array<Parameters<typeof start>>;
    const EINVAL = 22;
    expect(wrong.map(given => start(...given))).toEqual(wrong.map(() => EINVAL));
  });

  if (has(perl)) {
    describe('while a file takes long to open', () => {
      test('the process can end', async () => {
        const file = executable('#!/bin/sh\n');
        const held = await holdFile(file); // by this process, so that it is held when the other is at its end
        const said = inAnotherProcess(`
          const before = children().length;
          start(require(addon), ${JSON.stringify(file)}, [], () => console.log('started'));
          while (children().length === before) await new Promise(setImmediate);
          process.exit(4);
        `);
        await held.wanted();
        expect(said).toBe('4');
      });

      test('a worker can end, and its thread closes what it has opened', () => {
        const said = inAnotherProcess(`
          const before = opened('pipe:');
          const text = ${'`'}const start = ${'${start}'}; const block = ${'${block}'};
            start(require(${'${JSON.stringify(addon)}'}), ${'${JSON.stringify(held)}'}, [], () => undefined)${'`'};
          const worker = new Worker(text, { eval: true });
          console.log(await says('wanted'), await worker.terminate());
          console.log(opened('pipe:') - before);
          perl.stdin.end();
          while (opened('pipe:') > before + 3 || opened('pidfd') > 0) await new Promise(setImmediate); // three are the worker's
        `);
        expect(said).toBe('true 1\n6\n0');
      });

      test('what waits for a thread is bounded', () => {
        const said = inAnotherProcess(`
          const library = require(addon);
          const large = 'x'.repeat(1_000_000);
          const starts = count => Array.from({ length: count }, () => start(library, held, [large], () => undefined));
          console.log(new Set(starts(32)));
          while (children().length < 32 + 1) await new Promise(setImmediate);
          console.log(starts(18).join());
          process.exit(0);
        `);
        expect(said).toBe(`Set(1) { 0 }\n${'0,'.repeat(16)}11,11\n0`);
      });
    });
  }
}
