/** Runs one client program to its end, within a deadline, and keeps what it said. Nothing of the person's own settings is used. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';

export interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

export interface RunOptions {
  /** What the program reads from standard input, which then ends. @default nothing */
  readonly stdin?: string | Uint8Array;
  /** Do not end standard input behind that, but only with the program. @default false */
  readonly holdStdin?: boolean;
  /** Home directory of the program; every client keeps its settings there. */
  readonly home: string;
  /** Milliseconds after which the program and its children are killed and the run fails. @default 45_000 */
  readonly deadline?: number;
  /** Kills the program and its children; the run is then over, and has not failed. @default never */
  readonly enough?: AbortSignal;
}

/** An environment built from nothing, so that no setting of the machine decides a test. */
export const clientEnvironment = (home: string): Record<string, string> => ({
  HOME: home,
  PATH: '/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin',
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
});

/** Run to the end. Rejects, with all that was said until then, when the deadline passes. */
export async function run({ file, args }: Invocation, options: RunOptions): Promise<Outcome> {
  const { stdin = '', holdStdin = false, home, deadline = 45_000, enough } = options;
  const child = spawn(file, args, { env: clientEnvironment(home), cwd: home, stdio: 'pipe', detached: true });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    killGroup(child.pid);
  }, deadline);
  enough?.addEventListener('abort', () => killGroup(child.pid));
  child.stdin.on('error', () => undefined).write(stdin);
  if (!holdStdin) child.stdin.end();
  try {
    const [ended, stdout, stderr] = await Promise.all([
      once(child, 'close'),
      buffer(child.stdout),
      buffer(child.stderr),
    ]);
    if (!late) return { code: (ended as [number | null])[0], stdout, stderr };
    throw new Error(
      `${file} ${args.join(' ')}\nwas still running after ${deadline} ms.\n${tail(stdout)}\n${tail(stderr)}`,
    );
  } finally {
    clearTimeout(timer);
  }
}

/** Run a bash script: for facts about pipes and redirections, and for streams too long to keep in memory. */
export const runScript = (script: string, options: RunOptions): Promise<Outcome> =>
  run({ file: 'bash', args: ['-c', script] }, options);

const tail = (output: Buffer): string => output.subarray(-1000).toString('latin1');

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself in the same moment.
  }
}
