/** A prompt's session in a process of its own: what it may do to that process, and what it never does to this one. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { ReplContext } from '../../../terminal/repl/evaluator.ts';
import { MOST_PRINTED } from '../../../terminal/repl/output-limit.ts';
import { ProcessSession } from '../../../terminal/repl/process-session.ts';
import { repl, type ReplOptions } from '../../../terminal/repl/repl.ts';
import { build } from '../../interop/build.ts';
import { closeAfterTest } from '../../support/cleanup.ts';
import { Journal } from '../../support/journal.ts';
import { turns } from '../../support/turns.ts';
import { ScreenLab } from '../line/screen-lab.ts';

beforeAll(build, 120_000); // a session is a program of its own

const LOST = 'what was declared is lost';

function open(context: ReplContext = {}, timeout = 10_000) {
  const printed: string[] = [];
  let heard = (): void => undefined;
  const print = (text: string): void => {
    printed.push(text);
    heard();
  };
  const session = new ProcessSession(context, { timeout, memory: 32, print });
  closeAfterTest(() => session[Symbol.dispose]());
  return {
    session,
    /** What a program prints until the prompt is back. */
    run: async (source: string): Promise<string[]> => {
      printed.length = 0;
      await session.evaluate(source, false);
      return [...printed];
    },
    /** Resolves when something is printed. */
    printed: () => new Promise<string>(resolve => (heard = () => resolve(printed.at(-1) ?? ''))),
  };
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** The process itself, for those who go past what they were given. */
const PROCESS = 'console.constructor.constructor("return process")()';

describe('a program in a process of its own', () => {
  test('comes to what it would come to here, and what it declares stays', async () => {
    const { run } = open();
    expect(await run('let x = 40; x + 2')).toEqual(['42']);
    expect(await run('await x')).toEqual(['40']);
    expect(await run('console.log(x); throw new Error("no")')).toEqual([
      '40\n',
      expect.stringMatching(/^Uncaught Error: no\n\s+at repl:1:23$/),
    ]);
  });

  test('has copies of values, and calls functions that run here', async () => {
    const shared = { count: 1, names: new Map([['a', 1]]) };
    const { run } = open({
      shared,
      add: (a: number) => (shared.count += a),
      refuse: () => Promise.reject(new Error('no')),
      give: () => () => 1,
    });
    expect(await run('shared.count = 100; [await add(2), shared.names.get("a")]')).toEqual(['[ 3, 1 ]']);
    expect(await run('await refuse()')).toEqual([expect.stringContaining('Uncaught Error: no')]);
    expect(await run('await add(() => 1)')).toEqual([expect.stringContaining('could not be cloned')]);
    expect(await run('await give()')).toEqual([expect.stringContaining('could not be cloned')]);
    expect(shared.count).toBe(3);
  });

  test('sees neither the process nor anything of its environment', async () => {
    const { run } = open();
    expect(await run('[typeof process, typeof require]')).toEqual(["[ 'undefined', 'undefined' ]"]);
    expect(
      await run(`Object.keys(${PROCESS}.env).filter(name => !/^(NODE_CHANNEL_|PWD$|_$|SHLVL$|OLDPWD$)/.test(name))`),
    ).toEqual(['[]']);
  });

  const endings: ReadonlyArray<readonly [what: string, source: string, says: RegExp]> = [
    ['ends its process', `${PROCESS}.exit(7)`, /^\[its process ended \(status 7\): what was declared is lost\]$/],
    ['kills its process', `${PROCESS}.kill(${PROCESS}.pid, "SIGKILL"); for (;;);`, /\(SIGKILL\)/],
    ['fills the heap piece by piece', 'let a = []; for (;;) a.push({})', /^\[its process ended \(SIG/],
    ['fills it at once', 'new Array(1e8).fill({})', /^\[its process ended \(SIG/],
    [
      'says what makes no sense',
      `${PROCESS}.send({ kind: "print", text: 7 }); await new Promise(() => 0)`,
      /^\[it said/,
    ],
  ];
  test.each(endings)('that %s ends only that: the next one finds another', async (_what, source, says) => {
    const { run } = open();
    await run('var kept = 1');
    expect(await run(source)).toEqual([expect.stringMatching(says)]);
    expect(await run('typeof kept')).toEqual(["'undefined'"]);
  });

  test('that never stops calling itself, or asks for buffers without end, fails, and its session goes on', async () => {
    const { run } = open();
    await run('var kept = 1');
    expect((await run('function f() { f() } f()'))[0]).toMatch(/^Uncaught RangeError/);
    const hoard = 'let all = []; for (;;) all.push(new Uint8Array(2 ** 26).fill(1))';
    if (process.platform === 'linux')
      expect((await run(hoard))[0]).toMatch(/^Uncaught RangeError: Array buffer allocation/);
    expect(await run('kept')).toEqual(['1']);
  });

  test('that runs for too long is stopped, and its session goes on', async () => {
    const { run } = open({}, 500);
    await run('var kept = 1');
    expect((await run('for (;;);'))[0]).toMatch(/^Uncaught Error: Script execution timed out/);
    expect(await run('kept')).toEqual(['1']);
  });

  test('that is busy where no time limit reaches is ended with its process', async () => {
    const limit = 2_000; // which the script's own start, where one reaches, has to keep on the slowest of machines
    const { run } = open({ now: () => 1 }, limit);
    expect(await run('await now().then(() => { for (;;); })')).toEqual([`[busy for more than ${limit} ms: ${LOST}]`]);
  });

  test('that rejects without a handler is told, and its session goes on', async () => {
    const { run, printed, session } = open();
    await session.evaluate('var kept = 1; Promise.reject(new Error("late")); 0', false);
    expect(await printed()).toMatch(/^Uncaught Error: late/);
    expect(await run('kept')).toEqual(['1']);
  });

  test('that prints without end is cut', async () => {
    const { run } = open();
    const lines = await run(`for (let n = 0; n < 100; n += 1) console.log("x".repeat(99_999)); 7`);
    expect(lines.join('').length).toBeLessThanOrEqual(MOST_PRINTED + 100);
    expect(lines.at(-1)).toMatch(/^\[more than/);
    expect(await run('7')).toEqual(['7']);
  });
});

describe('control+C', () => {
  test('gives the prompt back while a program awaits, and what was declared stays', async () => {
    const { session, run, printed } = open({ begun: () => undefined });
    const waiting = session.evaluate('var kept = 1; console.log("begun"); await new Promise(() => 0)', false);
    await printed();
    session.interrupt();
    await waiting;
    expect(await run('kept')).toEqual(['1']);
  });

  test('ends a program that is busy, with its process', async () => {
    const { session, run, printed } = open();
    const busy = session.evaluate('var kept = 1; console.log("begun"); await 1; for (;;);', false);
    await printed();
    const told = printed();
    session.interrupt();
    await busy;
    expect(await told).toBe(`[interrupted while it was busy: ${LOST}]`);
    expect(await run('typeof kept')).toEqual(["'undefined'"]);
  });
});

describe('the prompt', () => {
  test('completes what its session knows', async () => {
    const { session, run } = open({ secret: 1 });
    await run('var second = 2');
    expect(await session.complete('sec', 3)).toEqual({ from: 0, candidates: ['second', 'secret'] });
  });

  test('ends the process when its connection ends, also while a program runs', async () => {
    const pids = new Journal<number>();
    const lab = new ScreenLab(repl({ tell: (pid: number) => pids.note(pid) }, { isolation: 'process', memory: 32 }));
    await lab.settle();
    await lab.type(`await tell(${PROCESS}.pid); for (;;);\r`);
    await pids.until(() => pids.entries.length > 0, 'its process');
    lab.wire.lose();
    while (isRunning(pids.entries[0] ?? 0)) await turns(1);
  });

  test('refuses values that cannot be copied, and options that make no sense', () => {
    const isolated = (context: ReplContext, options: object = {}) =>
      repl(context, { isolation: 'process', ...options });
    expect(() => isolated({ inner: { f: () => 1 } })).toThrow('context.inner: cannot be copied into another process');
    expect(() => isolated({}, { memory: 1 })).toThrow('memory');
    expect(() => repl({}, { isolation: 'worker' } as unknown as ReplOptions)).toThrow("isolation: must be 'none' or");
  });
});
