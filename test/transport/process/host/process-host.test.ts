/** The process host: what it keeps apart, and what happens when it, its server or a program ends. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { ConfigError, SpawnError } from '../../../../transport/errors.ts';
import { startProcessHost, type ProcessHost } from '../../../../transport/process/host/index.ts';
import type { Program } from '../../../../transport/process/program.ts';
import { build } from '../../../interop/build.ts';
import { closeAfterTest } from '../../../support/cleanup.ts';
import { descriptorTargets, openHost, processorTicks } from '../../../support/process-hosts.ts';
import { ProcessRecorder } from '../../../support/process-recorder.ts';
import { PushSource } from '../../../support/sources.ts';
import { block, listDescriptors, program, script, untilGone } from '../../../support/programs.ts';
import { quiet } from '../../../support/terminals.ts';

async function onPipes(host: ProcessHost, what: Program, recorder = new ProcessRecorder()): Promise<ProcessRecorder> {
  await host.spawn(what, recorder);
  return recorder;
}

async function onPty(host: ProcessHost, what: Program, recorder = new ProcessRecorder()): Promise<ProcessRecorder> {
  await host.spawnPty(what, quiet, recorder);
  return recorder;
}

const bytes = (text: string): Uint8Array => Buffer.from(text);

describe('what is kept apart', () => {
  test('this process has no master of a terminal, the host has', async () => {
    const { host } = await openHost();
    const masters = (pid: number | 'self'): number =>
      descriptorTargets(pid).filter(target => target.includes('ptmx')).length;
    const before = masters('self'); // none, unless another test of this run has left one, which may go meanwhile
    const recorder = await onPty(host, program('/bin/cat'));
    expect(masters('self')).toBeLessThanOrEqual(before);
    expect(masters(host.pid!)).toBe(1);
    recorder.process.abortConnection();
    await recorder.untilEnded();
  });

  test('no program has the line to the server, nor a terminal of another', async () => {
    const { host } = await openHost();
    const seen = async (start: typeof onPipes): Promise<string[]> => {
      const recorder = await start(host, listDescriptors);
      await recorder.untilEnded();
      return recorder.text.split('\n').filter(line => !line.endsWith('/dev/null'));
    };
    const before = await seen(onPipes); // what this test run was itself started with
    expect(before.join()).not.toContain('socket');
    const other = await onPty(host, program('/bin/cat'));
    expect([await seen(onPipes), await seen(onPty)]).toEqual([before, ['done', '']]);
    other.process.abortConnection();
    await other.untilEnded();
  });

  test('a flood of one program does not hold up another that is typed to', async () => {
    const { host } = await openHost();
    const flood = await onPipes(host, script('exec yes'), new ProcessRecorder({ outReceived: () => flooded() }));
    const flooded = (): void => {
      flood.chunks.splice(0); // heard, and not kept
      block(3); // so that it comes more slowly than the program writes, and all that may wait on the way does
    };
    const typed = await onPty(host, program('/bin/cat'));
    for (const line of ['one\n', 'two\n', 'three\n']) {
      const heard = flood.received;
      await flood.until(() => flood.received > heard + 3_000_000);
      const before = flood.received;
      typed.process.write(bytes(line));
      await typed.until(() => typed.text.endsWith(line));
      // Windows, sockets and queues on the way hold this much at most; behind an unfair queue it would be without end.
      expect(flood.received - before).toBeLessThan(16_000_000);
    }
    for (const { process } of [flood, typed]) process.abortConnection();
    await Promise.all([flood.untilEnded(), typed.untilEnded()]);
  });

  test('standard error is heard while standard output waits for a program to be read', async () => {
    const { host } = await openHost();
    const recorder = await onPipes(host, script('echo err >&2; exec head -c 3000000 /dev/zero'));
    await recorder.untilEnded();
    expect([recorder.received, recorder.errText]).toEqual([3_000_000, 'err\n']);
  });

  test('a program that does not read costs the host no time', async () => {
    const { host } = await openHost();
    const recorder = await onPty(host, script('stty raw; echo ready; exec sleep 1000'));
    await recorder.until(() => recorder.text.includes('ready'));
    recorder.process.write(new Uint8Array(1_000_000));
    const probe = await onPipes(host, script('sleep 1'));
    const before = processorTicks(host.pid!);
    await probe.untilEnded();
    expect(processorTicks(host.pid!) - before).toBeLessThan(50); // of 100 and more that pass; node-pty takes nearly all
    recorder.process.abortConnection();
    await recorder.untilEnded();
  });
});

describe('when the host ends', () => {
  test('its programs are lost for that reason, and new ones get a new host', async () => {
    const { host, events } = await openHost();
    const [first, second] = [await onPipes(host, program('/bin/cat')), await onPty(host, program('/bin/cat'))];
    const pids = [first.process.pid!, second.process.pid!];
    const before = host.pid!;
    process.kill(before, 'SIGKILL');
    for (const recorder of [first, second]) {
      await recorder.until(() => recorder.lostWith !== undefined);
      expect(recorder.lostWith?.message).toBe('the process host that ran the program ended by SIGKILL');
      expect(recorder.calls.at(-1)).toBe('processLost');
      expect([recorder.process.pid, recorder.process.signalProcess('TERM')]).toEqual([null, false]);
    }
    const next = await onPty(host, script('echo again'));
    await next.untilEnded();
    expect([next.text, host.pid === before]).toEqual(['again\n', false]);
    expect(events.entries.map(({ event }) => event)).toEqual([
      'process-host-started',
      'process-host-ended',
      'process-host-started',
    ]);
    expect(events.entries[1]).toMatchObject({ pid: before, reason: 'ended by SIGKILL', programs: 2 });
    for (const pid of pids) await untilGone(pid); // both read until their streams end
  });

  test('what is asked for at that moment is refused, or starts in the new host', async () => {
    const { host } = await openHost();
    process.kill(host.pid!, 'SIGKILL');
    const asked = await Promise.allSettled([onPipes(host, script('echo 1')), onPty(host, script('echo 2'))]);
    for (const outcome of asked) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(SpawnError);
      else await outcome.value.untilEnded();
    }
    const later = await onPipes(host, script('echo later'));
    await later.untilEnded();
    expect(later.text).toBe('later\n');
  });

  test('one that dies before it is ready refuses what waits for it, and the next program starts another', async () => {
    const { host, events } = await openHost();
    const ended = (): number => events.entries.filter(({ event }) => event === 'process-host-ended').length;
    process.kill(host.pid!, 'SIGKILL');
    await events.until(() => ended() === 1, 'the end of the first');
    const waiting = onPipes(host, script('true'));
    process.kill(host.pid!, 'SIGKILL'); // the second, which has only just been started
    await expect(waiting).rejects.toThrow(SpawnError);
    expect([ended(), host.pid]).toEqual([2, null]);
    const next = await onPipes(host, script('echo next'));
    await next.untilEnded();
    expect(next.text).toBe('next\n');
  });

  test('a closed one hangs up what it still runs, and starts no more', async () => {
    const { host } = await openHost();
    const recorder = await onPty(host, script('trap "exit 0" HUP; echo ready; while :; do read x; done'));
    await recorder.until(() => recorder.text === 'ready\n');
    const pid = recorder.process.pid!;
    await host.close();
    await untilGone(pid);
    await expect(onPipes(host, script('true'))).rejects.toThrow(SpawnError);
    expect(host.pid).toBeNull();
  });
});

describe('a host that does not answer', () => {
  /** Short for a host, long for a machine that is busy. */
  const answerTime = 2_000;

  test('is killed: its programs are lost for that reason, and the next one starts in a new host', async () => {
    const { host, events } = await openHost({ answerTime });
    const lost = await onPty(host, program('/bin/cat'));
    const [before, pid] = [host.pid!, lost.process.pid!];
    process.kill(before, 'SIGSTOP');
    closeAfterTest(() => killIfThere(before)); // stopped for ever, if nobody has killed it
    await lost.until(() => lost.lostWith !== undefined);
    const reason = 'no longer answered, and was killed';
    expect(lost.lostWith?.message).toBe(`the process host that ran the program ${reason}`);
    expect(events.entries.at(-1)).toMatchObject({ event: 'process-host-ended', pid: before, reason, programs: 1 });
    for (const gone of [before, pid]) await untilGone(gone);
    const next = await onPipes(host, script('echo next'));
    await next.untilEnded();
    expect([next.text, host.pid === before]).toEqual(['next\n', false]);
  });

  test('is waited for as long as it only has much to do', async () => {
    const { host } = await openHost({ answerTime });
    const before = host.pid;
    const recorder = await onPipes(host, script('exec yes'), new ProcessRecorder({ outReceived: () => heard() }));
    const heard = (): void => void recorder.chunks.splice(0);
    const clock = await onPipes(host, script('sleep 2.5'));
    await clock.untilEnded();
    expect([host.pid, recorder.lostWith]).toEqual([before, undefined]);
    recorder.process.abortConnection();
    await recorder.untilEnded();
  });

  test.each([-1, NaN, Infinity])('has no limit of %p milliseconds', async answerTime => {
    await expect(startProcessHost({ answerTime })).rejects.toThrow(ConfigError);
  });
});

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // as it should be
  }
}

test('a hang-up does not wait for input that the program has not read, and that the host still holds', async () => {
  const { host } = await openHost();
  const recorder = await onPty(host, script('trap "exit 4" HUP; stty raw; echo ready; while :; do sleep 0.05; done'));
  await recorder.until(() => recorder.text.includes('ready'));
  const source = new PushSource(recorder, { limit: 200_000 });
  recorder.process.registerProducer(source, true);
  source.produce();
  await recorder.until(() => source.written >= 160_000); // more than a terminal takes, and handed over
  recorder.process.hangUp();
  expect(await recorder.untilEnded()).toMatchObject({ code: 4 });
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])(
  '%s to the whole service is the server’s business, not the host’s',
  async signal => {
    const { host } = await openHost();
    process.kill(host.pid!, signal);
    const recorder = await onPipes(host, script('echo still here'));
    await recorder.untilEnded();
    expect(recorder.text).toBe('still here\n');
  },
);

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'a server that dies by %s takes its host and its programs with it',
  async signal => {
    build();
    const file = fileURLToPath(new URL('../../../support/process-host-child.js', import.meta.url));
    const server = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
    closeAfterTest(() => void server.kill('SIGKILL'));
    const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
    const { host, onPipes, onPty } = JSON.parse(line) as Record<'host' | 'onPipes' | 'onPty', number>;
    server.kill(signal);
    for (const pid of [host, onPipes, onPty]) await untilGone(pid);
  },
);

test('a program too long for the system is refused and harms nobody', async () => {
  const { host } = await openHost();
  const tooLong = [1_000_000, 5_000_000].map(length => program('/bin/echo', ['x'.repeat(length)]));
  for (const what of tooLong) await expect(onPipes(host, what)).rejects.toThrow(SpawnError);
  const longest = await onPipes(host, program('/bin/echo', ['-n', 'x'.repeat(128 * 1024 - 1)]));
  await longest.untilEnded();
  expect(longest.received).toBe(128 * 1024 - 1);
});
