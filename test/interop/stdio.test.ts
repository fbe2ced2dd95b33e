/** Standard input and output in real processes: on pipes, files and terminals. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { spawnPty } from '../../transport/process/pty.ts';
import { ProcessRecorder } from '../support/process-recorder.ts';
import { program } from '../support/programs.ts';
import { quiet } from '../support/terminals.ts';
import { build } from './build.ts';

const script = fileURLToPath(new URL('../support/stdio-child.js', import.meta.url));
const start = (what: string) => spawn(process.execPath, [script, what], { stdio: 'pipe' });

beforeAll(() => build(), 120_000);

describe('on pipes', () => {
  test('a megabyte comes back whole, and the end of input is the end', async () => {
    const child = start('echo');
    const sent = Buffer.alloc(1_000_000, 'round trip ');
    child.stdin.end(sent);
    const [back, said] = await Promise.all([buffer(child.stdout), text(child.stderr)]);
    expect(back.equals(sent)).toBe(true);
    expect(said).toBe('done \n');
  });

  test('our EOF reaches the reader while input goes on', async () => {
    const child = start('half-close');
    expect(await text(child.stdout)).toBe('all I have to say');
    expect(child.exitCode).toBe(null);
    child.stdin.end('an answer');
    expect(await text(child.stderr)).toBe('heard an answer\ndone \n');
  });

  test('a reader that goes away is told, with the error', async () => {
    const child = start('flood');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    expect(await text(child.stderr)).toMatch(/^lost E(PIPE|CONNRESET)\n$/);
  });

  test('all of it is out when the end is told, though the reader is slow and the process exits then', async () => {
    const child = start('write and end');
    await wait(100); // the reader is late, not waiting for anything
    const [out, said] = await Promise.all([buffer(child.stdout), text(child.stderr)]);
    if (child.exitCode === null) await once(child, 'exit');
    expect([out.length, said, child.exitCode]).toEqual([4_000_000, 'done\n', 3]);
  });

  test('there is one in a process', async () => {
    expect(await text(start('twice').stderr)).toContain('ERR_LOCAL_MISUSE\n');
  });
});

test('into a file, all of it arrives, and nothing that is printed after the end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nacre-'));
  const out = openSync(join(folder, 'out'), 'w');
  const child = spawn(process.execPath, [script, 'write and end'], { stdio: ['ignore', out, 'pipe'] });
  closeSync(out);
  await once(child, 'exit');
  expect(readFileSync(join(folder, 'out')).equals(Buffer.alloc(4_000_000, 'x'))).toBe(true);
  rmSync(folder, { recursive: true });
});

describe('on a terminal', () => {
  const onTerminal = (command: string): ProcessRecorder => {
    const recorder = new ProcessRecorder();
    spawnPty(program('/bin/sh', ['-c', command]), quiet, recorder);
    return recorder;
  };
  const node = `'${process.execPath}' '${script}'`;

  test.each(['raw close', 'raw abort', 'raw exit', 'raw TERM', 'raw INT', 'raw throw'])(
    'raw mode is given back after: %s',
    async what => {
      const shell = onTerminal(`trap : INT; stty -a; ${node} '${what}' 2>/dev/null; stty -a`);
      await shell.untilEnded();
      const modes = Array.from(shell.text.matchAll(/-?icanon|raw/g), ([mode]) => mode);
      expect(modes).toEqual(['icanon', 'raw', 'icanon']);
    },
  );

  test('its size and its changes of size are told', async () => {
    const recorder = new ProcessRecorder();
    const transport = spawnPty(program(process.execPath, [script, 'size']), quiet, recorder);
    await recorder.until(() => recorder.text.includes('\n'));
    transport.resize({ columns: 100, rows: 30, widthPixels: 0, heightPixels: 0 });
    await recorder.untilEnded();
    const sizes = recorder.text.match(/"columns":\d+,"rows":\d+/g);
    expect(sizes?.at(-1)).toBe('"columns":100,"rows":30');
  });
});
