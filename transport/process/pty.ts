/**
 * Programs on a pseudo-terminal. Two files can start them: native-pty.ts where native/ has been built, and node-pty.ts.
 *
 * Nothing that the program shows before its exit is lost, however late or paused the reader is; what grandchildren
 * show after it is not waited for (as sshd, which ends the session with its shell). From the exit on, the terminal is
 * never touched again: input is dropped, and a resize or signal does nothing.
 * `loseConnection` hands over what was written and hangs up; the kernel drops what the program has not read by then.
 * A queue that overflows, and a protocol that throws, kill the program.
 * Facts: Linux n_tty(4), pty(7); sshd session.c.
 */
import type { Address } from '../address.ts';
import type { IProcessProtocol, IProcessTransport, QueueLimits } from '../contracts.ts';
import { Endpoint } from '../endpoint.ts';
import type { Medium } from '../medium.ts';
import type { ReadsTaker } from '../shared-reads.ts';
import { Input } from './input.ts';
import { ChildDescriptors } from './child-descriptors.ts';
import { READY } from './launcher.ts';
import { Leader } from './leader.ts';
import { startNativelyOnTerminal, startNativelyOnTerminalAside } from './native-pty.ts';
import { startsNatively } from './native-spawn.ts';
import { startWithNodePty } from './node-pty.ts';
import { attach } from './process-transport.ts';
import type { RunningProgram } from './running-program.ts';
import { checkProgram, type Program } from './program.ts';
import type { PtyMaster } from './pty-master.ts';
import type { StartedOnTerminal, StartOnTerminal, StartOnTerminalAside, Terminal } from './started-on-terminal.ts';
import { DISABLED, ICANON, VEOF, type TerminalModes } from './terminal-modes.ts';

/** Start `program` on a new terminal and give it to `protocol`. Throws SpawnError, and then the protocol hears nothing. */
export const spawnPty = (
  program: Program,
  terminal: Terminal,
  protocol: IProcessProtocol,
  limits?: QueueLimits,
): IProcessTransport => attach(startPty(program, terminal, limits), protocol);

/** Start `program` and leave its terminal to the caller, who reads nothing before it starts it. Throws SpawnError. */
export function startPty(
  program: Program,
  terminal: Terminal,
  limits: QueueLimits = {},
  start: StartOnTerminal = startsNatively(program) ? startNativelyOnTerminal : startWithNodePty,
): RunningProgram {
  checkProgram(program);
  return running(start(withTerm(program, terminal), terminal), terminal, limits);
}

/** The same while the event loop goes on, where native/ has been built. Rejects with SpawnError. */
export async function startPtyAside(
  program: Program,
  terminal: Terminal,
  limits: QueueLimits = {},
  start: StartOnTerminalAside = startsNatively(program) ? startNativelyOnTerminalAside : startWithNodePty,
): Promise<RunningProgram> {
  checkProgram(program);
  return running(await start(withTerm(program, terminal), terminal), terminal, limits);
}

const withTerm = (program: Program, { term }: Terminal): Program =>
  term === '' ? program : { ...program, environment: { ...program.environment, TERM: term } };

function running(
  { pid, master, isLaunched, onExit }: StartedOnTerminal,
  { modes }: Terminal,
  limits: QueueLimits,
): RunningProgram {
  const leader = new Leader(pid);
  const medium = new PtyMedium(master, leader, modes, isLaunched);
  const main = new Endpoint(medium, addresses(pid, master), limits);
  medium.deliverTo(main);
  return {
    parts: {
      leader,
      main,
      descriptors: new ChildDescriptors(),
      resize: size => master.resize(size),
      closeOutput: () => medium.closeOutput(),
    },
    onExit: listener =>
      onExit(status => {
        listener(status);
        medium.over();
        main.receivedClose({ kind: 'exited', ...status });
      }),
  };
}

function addresses(pid: number, { slavePath }: PtyMaster): { peer: Address; host: Address } {
  const peer: Address = Object.freeze({ kind: 'process', pid, tty: slavePath });
  return { peer, host: Object.freeze({ kind: 'process', pid: process.pid }) };
}

class PtyMedium implements Medium, ReadsTaker {
  readonly #master: PtyMaster;
  readonly #leader: Leader;
  readonly #input: Input;
  readonly #eofCharacter: number | undefined;
  #endpoint: Endpoint | undefined;
  #reading = false;
  #outputClosed = false;
  /** Input that waits for the terminal to have its modes; undefined once it has. */
  #waiting: Array<() => void> | undefined;
  /** In canonical mode the EOF character ends a line that is not empty, and only an empty line ends the input. */
  #lastByte = NEWLINE;

  constructor(master: PtyMaster, leader: Leader, modes: TerminalModes, isLaunched: boolean) {
    this.#master = master;
    this.#leader = leader;
    this.#input = new Input(master.input);
    this.#eofCharacter = eofCharacter(modes);
    this.#waiting = isLaunched ? [] : undefined;
  }

  /** Until a launcher's sign has come, the terminal is read even if nobody wants to hear of it. */
  deliverTo(endpoint: Endpoint): void {
    this.#endpoint = endpoint;
    this.#master.listen(this);
    if (this.#waiting) this.#master.resume();
  }

  receivedBorrowed(data: Uint8Array): void {
    this.#arrived(data);
    if (!this.#reading) this.#master.pause();
  }

  /** The program has exited: deliver what is left, and drop input from now on. */
  over(): void {
    for (const data of this.#master.takeRest()) this.#arrived(data);
    this.#ready();
  }

  send(chunks: readonly Uint8Array[], taken: () => void): void {
    this.#lastByte = chunks.at(-1)?.at(-1) ?? this.#lastByte;
    this.#whenReady(() => this.#input.send(chunks, taken));
  }

  sendNow(data: Uint8Array): number {
    if (this.#waiting) return 0;
    const sent = this.#master.writeNow(data);
    this.#lastByte = data[sent - 1] ?? this.#lastByte;
    return sent;
  }

  /** A terminal has no half-close; the EOF character is what a person would type. */
  sendEof(sent: () => void): void {
    const character = this.#eofCharacter;
    if (character === undefined) return void setImmediate(sent);
    const times = lineEnds.has(this.#lastByte) ? 1 : 2;
    this.#whenReady(() => this.#input.send([new Uint8Array(times).fill(character)], sent));
  }

  startReading(): void {
    if (this.#outputClosed) return;
    this.#reading = true;
    this.#master.resume();
  }

  stopReading(): void {
    this.#reading = false;
    if (!this.#waiting) this.#master.pause();
  }

  /** As sshd does (chan_rcvd_eow closes one of its descriptors of the master): nobody reads, and typing goes on. */
  closeOutput(): void {
    this.#outputClosed = true;
    this.stopReading();
  }

  close(): void {
    this.#master.close();
  }

  destroy(): void {
    this.#leader.signal('KILL');
    this.#master.close();
  }

  #arrived(data: Uint8Array): void {
    if (!this.#waiting) return this.#endpoint?.receivedBorrowed(data);
    this.#ready();
    const rest = data[0] === READY ? data.subarray(1) : data;
    if (rest.length > 0) this.#endpoint?.receivedBorrowed(rest);
  }

  #whenReady(run: () => void): void {
    if (this.#waiting) this.#waiting.push(run);
    else run();
  }

  #ready(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const run of waiting) run();
  }
}

const NEWLINE = 0x0a;
const lineEnds: ReadonlySet<number> = new Set([NEWLINE, 0x0d]);

/** ^D unless the modes say otherwise; undefined if the terminal starts raw, where no character means EOF. */
function eofCharacter(modes: TerminalModes): number | undefined {
  const character = modes.get(VEOF) ?? 0x04;
  const means = modes.get(ICANON) !== 0 && character > 0 && character < DISABLED;
  return means ? character : undefined;
}
