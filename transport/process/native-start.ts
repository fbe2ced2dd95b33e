/**
 * Programs on pipes by our own addon: no page tables are copied, and nothing is inherited but the three pipes.
 *
 * The ends of the pipes are Node's own streams over real pipes. Arguments and values are bytes, so none needs the
 * launcher; another user, a umask and a prefix do.
 */
import { Socket } from 'node:net';
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import type { ExitStatus } from '../close-reason.ts';
import { SpawnError } from '../errors.ts';
import { bytesOfText } from './byte-text.ts';
import { launch, needsLauncher } from './launcher.ts';
import { nativePrograms } from './native-programs.ts';
import type { Program } from './program.ts';
import { exitStatus } from './signals.ts';
import type { StartedOnPipes } from './started-on-pipes.ts';

/** Whether `program` can be started by the addon, and it is there: what has descriptors from 3 up cannot. */
export const startsNatively = ({ descriptors = [] }: Program): boolean =>
  descriptors.length === 0 && nativePrograms() !== undefined;

/** As StartOnPipes, for a program that `startsNatively`. */
export function startNatively(program: Program, library = nativePrograms()): StartedOnPipes {
  if (!library) throw new SpawnError(`cannot start ${program.file}: native/ is not built; run npm run build:native`);
  const { file, args, argv0 = file, environment, cwd } = needsLauncher(program) ? launched(program) : program;
  const result = new Int32Array(4);
  let tell: (status: ExitStatus) => void = () => undefined;
  const error = library.spawn(
    ...([strings([file, cwd]), strings([argv0, ...args]), strings(pairs(environment)), result] as const),
    (code, signal, coreDumped) => tell(exitStatus(code, signal, coreDumped)),
  );
  if (error !== 0) throw new SpawnError(`cannot start ${file}: ${errorText(error)}`);
  const [pid = 0, stdin = -1, stdout = -1, stderr = -1] = result;
  return {
    pid,
    stdin: new Socket({ fd: stdin, readable: false, writable: true }),
    stdout: new Socket({ fd: stdout, readable: true, writable: false }),
    stderr: new Socket({ fd: stderr, readable: true, writable: false }),
    sockets: new Map(),
    onExit: listener => (tell = listener),
  };
}

/** The launcher gives its program the `argv[0]` that is wanted, and has its own file's name. */
const launched = (program: Program): Pick<Program, 'file' | 'args' | 'argv0' | 'environment' | 'cwd'> =>
  launch(program);

const pairs = (environment: Program['environment']): readonly string[] =>
  Object.entries(environment).map(([name, value]) => `${name}=${value}`);

/** Each with a NUL behind it; checkProgram has seen that none has one inside. */
const strings = (texts: readonly string[]): Buffer => bytesOfText(texts.map(text => `${text}\0`).join(''));

function errorText(errno: number): string {
  const name = Object.entries(constants.errno).find(([, number]) => number === errno)?.[0] ?? `error ${errno}`;
  const [, message = 'the system refused'] = getSystemErrorMap().get(-errno) ?? [];
  return `${message} (${name})`;
}
