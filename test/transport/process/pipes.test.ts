/** What only programs on pipes do. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { spawnPipes } from '../../../transport/process/pipes.ts';
import type { Program } from '../../../transport/process/program.ts';
import { spawnPty } from '../../../transport/process/pty.ts';
import { ProcessRecorder } from '../../support/process-recorder.ts';
import { listDescriptors, program, script } from '../../support/programs.ts';
import { quiet } from '../../support/terminals.ts';
import { PushSource } from '../../support/sources.ts';
import { turns } from '../../support/turns.ts';

function run(what: Program): ProcessRecorder {
  const recorder = new ProcessRecorder();
  spawnPipes(what, recorder);
  return recorder;
}

describe('terminals of other sessions', () => {
  // What somebody would do with one is in cross-session.test.ts.
  test('are masked in a program on pipes, each by nothing', async () => {
    const isMask = (line: string): boolean => line.endsWith('/dev/null');
    const before = (await descriptorsSeen()).filter(line => !isMask(line));
    const victims = Array.from({ length: 3 }, () => victim());
    const seen = await descriptorsSeen();
    expect(seen.filter(line => !isMask(line))).toEqual(before);
    // One more for each terminal that another test of this process has not quite closed yet.
    expect(seen.filter(isMask).length).toBeGreaterThanOrEqual(victims.length);
    await endAll(victims);
  });

  test('can be reached by a child of a bare child_process.spawn', async () => {
    const victims = [victim()];
    const child = spawn(listDescriptors.file, [...listDescriptors.args], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [seen] = await Promise.all([text(child.stdout), once(child, 'exit')]);
    expect(seen).toContain('ptmx');
    await endAll(victims);
  });

  /** Descriptors from 3 up that a program on pipes has, e.g. one that this process itself was started with. */
  async function descriptorsSeen(): Promise<string[]> {
    const recorder = run(listDescriptors);
    await recorder.untilEnded();
    return recorder.text.split('\n');
  }

  function victim(): ProcessRecorder {
    const recorder = new ProcessRecorder();
    spawnPty(program('/bin/cat'), quiet, recorder);
    return recorder;
  }

  async function endAll(victims: readonly ProcessRecorder[]): Promise<void> {
    await turns(50);
    for (const { process } of victims) process.abortConnection();
    await Promise.all(victims.map(each => each.untilEnded()));
  }
});

test('the program leads a session and a process group of its own, without a terminal', async () => {
  const recorder = run(script('cut -d" " -f1,5,6,7 < /proc/$$/stat'));
  const { pid } = recorder.process;
  await recorder.untilEnded();
  expect(recorder.text).toBe(`${pid} ${pid} ${pid} 0\n`);
});

test('a program that closes its input goes on, and what is written is dropped without holding up its producer', async () => {
  const recorder = run(script('exec 0<&-; echo closed; sleep 1000; echo over'));
  await recorder.until(() => recorder.text === 'closed\n');
  const source = new PushSource(recorder, { limit: 3_000_000 });
  recorder.process.registerProducer(source, true);
  source.produce();
  await recorder.until(() => source.written >= 2_900_000); // the last of it is not told of
  expect(recorder.endedWith).toBeUndefined();
  recorder.process.abortConnection();
  await recorder.untilEnded();
});

test('a protocol that throws does not wait for a grandchild that has left the group and holds standard error', async () => {
  const thrower: ProcessRecorder = new ProcessRecorder({
    outReceived: () => {
      throw new Error('a fault in the protocol');
    },
  });
  spawnPipes(script(`setsid sh -c 'echo $$; exec sleep 1000' & wait`), thrower);
  await thrower.untilEnded();
  process.kill(Number(thrower.text), 'SIGKILL');
});

test('a program that closes its output goes on reading', async () => {
  const recorder = run(script('exec >&- 2>&-; read line; test "$line" = hello'));
  recorder.process.write(new TextEncoder().encode('hello\n'));
  expect(await recorder.untilEnded()).toMatchObject({ code: 0 });
});

test('a pause stops both outputs', async () => {
  const recorder = new ProcessRecorder({ makeConnection: process => process.pauseProducing() });
  spawnPipes(script('echo out; echo err >&2'), recorder);
  await recorder.untilExited();
  await turns(50);
  expect(recorder.calls).toEqual(['makeConnection', 'processExited']);
  recorder.process.resumeProducing();
  await recorder.untilEnded();
  expect([recorder.text, recorder.errText]).toEqual(['out\n', 'err\n']);
});

test('loseConnection lets a program finish that has much to say before it reads on', async () => {
  const recorder = run(script('head -c 1000000 /dev/zero >&2 && cat >/dev/null && exit 5'));
  recorder.process.write(new Uint8Array(1_000_000));
  recorder.process.loseConnection();
  expect(await recorder.untilEnded()).toMatchObject({ code: 5 });
  expect(recorder.errChunks).toEqual([]);
});

test('a grandchild that keeps writing to a paused reader after the exit fills no memory', async () => {
  const recorder = new ProcessRecorder({ makeConnection: process => process.pauseProducing() });
  spawnPipes(script('head -c 50000000 /dev/zero & exit 0'), recorder);
  await recorder.untilExited();
  const before = process.memoryUsage();
  await turns(20_000); // idle turns are short
  const after = process.memoryUsage();
  expect(after.arrayBuffers + after.external - before.arrayBuffers - before.external).toBeLessThan(10_000_000);
  recorder.process.resumeProducing();
  await recorder.untilEnded();
  expect(recorder.received).toBe(50_000_000);
});
