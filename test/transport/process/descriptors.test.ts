/** Programs with descriptors from 3 up. */
import { expect, test } from '@jest/globals';
import type { IChildDescriptorProtocol } from '../../../transport/contracts.ts';
import { LocalMisuseError, SpawnError } from '../../../transport/errors.ts';
import { spawnPipes } from '../../../transport/process/pipes.ts';
import { spawnPty } from '../../../transport/process/pty.ts';
import { ProcessRecorder } from '../../support/process-recorder.ts';
import { script } from '../../support/programs.ts';
import { quiet } from '../../support/terminals.ts';

class DescriptorRecorder extends ProcessRecorder implements IChildDescriptorProtocol {
  readonly said = new Map<number, string>();

  childDataReceived(descriptor: number, data: Uint8Array): void {
    this.said.set(descriptor, (this.said.get(descriptor) ?? '') + Buffer.from(data).toString());
    this.note(`childDataReceived ${descriptor}`);
  }

  childConnectionLost(descriptor: number): void {
    this.note(`childConnectionLost ${descriptor}`);
  }
}

function start(text: string, descriptors: readonly number[], recorder = new DescriptorRecorder()) {
  const transport = spawnPipes(script(text, { descriptors }), recorder);
  return { transport, recorder };
}

const bytes = (text: string): Uint8Array => Buffer.from(text);

test('bytes go both ways on each, beside the standard three, and are all there before the end', async () => {
  const { transport, recorder } = start(
    'read a <&3; read b <&5; echo "$a" >&5; echo "$b" >&3; echo out; echo err >&2',
    [3, 5],
  );
  transport.writeToChild(3, bytes('one\n'));
  transport.writeToChild(5, bytes('two\n'));
  await recorder.untilEnded();
  expect([...recorder.said].sort()).toEqual([
    [3, 'two\n'],
    [5, 'one\n'],
  ]);
  expect([recorder.text, recorder.errText]).toEqual(['out\n', 'err\n']);
  expect(recorder.calls.slice(-1)).toEqual(['processEnded']);
  expect(recorder.calls.filter(call => call.startsWith('childConnectionLost')).sort()).toEqual([
    'childConnectionLost 3',
    'childConnectionLost 5',
  ]);
});

test('closing one behind what was written is EOF for the program, and ends nothing else', async () => {
  const { transport, recorder } = start('cat <&4; echo done', [4]);
  transport.writeToChild(4, Buffer.alloc(300_000, 'x'));
  transport.closeChildFD(4);
  await recorder.untilEnded();
  expect([recorder.received, recorder.exitedWith?.code]).toEqual([300_005, 0]);
});

test('a program that closes one goes on, and we are told', async () => {
  const { transport, recorder } = start('exec 3>&-; read go; echo still here', [3]);
  await recorder.until(() => recorder.calls.includes('childConnectionLost 3'));
  transport.writeToChild(0, bytes('go\n'));
  await recorder.untilEnded();
  expect(recorder.text).toBe('still here\n');
});

test('a grandchild that holds one delays the end, not the exit', async () => {
  const { transport, recorder } = start('sleep 30 >/dev/null 2>&1 </dev/null & exit 0', [3]);
  await recorder.untilExited();
  expect(recorder.endedWith).toBeUndefined();
  transport.loseConnection();
  await recorder.untilEnded();
});

test('pausing the program pauses them too', async () => {
  const { transport, recorder } = start('echo early >&3; read go; echo out', [3]);
  transport.pauseProducing();
  transport.writeToChild(0, bytes('go\n'));
  await recorder.untilExited();
  expect(recorder.said.size).toBe(0);
  transport.resumeProducing();
  await recorder.untilEnded();
  expect([recorder.said.get(3), recorder.text]).toEqual(['early\n', 'out\n']);
});

test('what waits for one that is not read is bounded', async () => {
  const recorder = new DescriptorRecorder();
  const transport = spawnPipes(script('sleep 30', { descriptors: [3] }), recorder, { maxQueueBytes: 100_000 });
  transport.writeToChild(3, new Uint8Array(100_001));
  expect(await recorder.untilEnded()).toMatchObject({ signal: 'SIGKILL' });
});

test('an unknown one is a misuse to write to and nothing to close; 1 and 2 are no business of ours', async () => {
  const { transport, recorder } = start('read x', [3]);
  for (const descriptor of [1, 2, 4]) {
    expect(() => transport.writeToChild(descriptor, bytes('x'))).toThrow(LocalMisuseError);
    transport.closeChildFD(descriptor);
  }
  transport.closeChildFD(0);
  await recorder.untilEnded();
});

test('numbers below 3, or far too high, are refused before anything starts', () => {
  for (const descriptors of [[2], [256], [3.5], [-1]]) expect(() => start('true', descriptors)).toThrow(SpawnError);
});

test('terminals of other sessions stay out of reach, whatever numbers they have', async () => {
  const terminals = Array.from({ length: 4 }, () => {
    const recorder = new ProcessRecorder();
    spawnPty(script('read x'), quiet, recorder);
    return recorder;
  });
  const recorder = new DescriptorRecorder();
  const list = 'for fd in /proc/self/fd/*; do readlink $fd; done | grep -c ptmx; echo mine >&9';
  spawnPipes(script(list, { descriptors: [9] }), recorder);
  await recorder.untilEnded();
  expect([recorder.text, recorder.said.get(9)]).toEqual(['0\n', 'mine\n']);
  for (const { process } of terminals) process.abortConnection();
  await Promise.all(terminals.map(terminal => terminal.untilEnded()));
});
