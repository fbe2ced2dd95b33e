/**
 * Plays Twisted's process and pty cases on ours. What is done to each program is written down here, by name.
 *
 * When a pipe closes at a program's end, before its exit or behind, is a matter of chance, so the lines about pipes count
 * only where one closes early. An end is told as Twisted's reason and its status.
 */
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import type { ExitStatus } from '../../../transport/close-reason.ts';
import type { IOutputLossProtocol, IProcessTransport } from '../../../transport/contracts.ts';
import { spawnPipes } from '../../../transport/process/pipes.ts';
import { spawnPty } from '../../../transport/process/pty.ts';
import { makeGate } from '../../support/gate.ts';
import { ProcessRecorder } from '../../support/process-recorder.ts';
import { program } from '../../support/programs.ts';
import { quiet } from '../../support/terminals.ts';
import { turns } from '../../support/turns.ts';
import { joined, type RecordedEvent } from '../script.ts';
import { shown, shownValue, type Log } from '../vectors.ts';

export interface ProgramCase {
  readonly on: string;
  readonly name: string;
  readonly argv: readonly [string, ...string[]];
  readonly events: readonly RecordedEvent[];
  readonly alternatives?: ReadonlyArray<{ readonly events: readonly RecordedEvent[] }>;
}

interface Script {
  readonly tellsOutput?: true;
  /** Where the recorded program slept, to give who watched it time: here it waits until it is told to go on. */
  readonly slept?: string;
  readonly made?: (me: Watched) => void;
  readonly output?: (me: Watched) => void;
  readonly outputLost?: (me: Watched) => void;
  readonly exited?: (me: Watched) => void;
  readonly ended?: (me: Watched) => void;
}

const say =
  (...words: readonly string[]) =>
  ({ process }: Watched): void => {
    for (const word of words) process.write(Buffer.from(word));
  };
const goOn = ({ gate }: Watched): void => gate.open();
const closeStdin = ({ process }: Watched): void => process.loseWriteConnection();
const signal =
  (name: string | number) =>
  ({ process }: Watched): void =>
    void process.signalProcess(name);
const all =
  (...steps: ReadonlyArray<(me: Watched) => void>) =>
  (me: Watched): void => {
    for (const step of steps) step(me);
  };

/** Programs that are only watched have none. */
const scripts: Readonly<Record<string, Script>> = {
  'cat echo, closeStdin ends it': { made: say('hello'), output: closeStdin },
  'closeStdin flushes a large write first': {
    made: all(({ process }) => process.write(Buffer.alloc(1_000_000)), closeStdin),
  },
  'write after closeStdin is still flushed in the same turn': { made: all(say('a'), closeStdin, say('b')) },
  'write after stdin is gone is silent': { made: closeStdin, exited: say('late') },
  writeSequence: {
    made: all(({ process }) => process.writeSequence([Buffer.from('a'), Buffer.from('b')]), closeStdin),
  },
  'loseConnection closes all three pipes; process killed by nothing, cat exits on EOF': {
    made: ({ process }) => process.loseConnection(),
  },
  'signalProcess TERM': { made: signal('TERM') },
  'signalProcess KILL': { made: signal('KILL') },
  'signalProcess INT': { made: signal('INT') },
  'signalProcess HUP': { made: signal('HUP') },
  'signalProcess int 10': { made: signal(10) },
  'signalProcess unknown name raises': { made: me => me.note(`signalProcess ${me.process.signalProcess('WHAT')}`) },
  'signalProcess after exit raises ProcessExitedAlready': {
    exited: me => me.note(`signalProcess ${me.process.signalProcess('TERM')}`),
  },
  'pid set before connectionMade, None in processExited/processEnded': {
    made: me => me.note(`pid is int ${Number.isInteger(me.process.pid)}`),
    exited: me => me.note(`pid ${me.process.pid}`),
    ended: me => me.note(`pid ${me.process.pid}`),
  },
  'writeToChild unknown fd raises KeyError; closeChildFD unknown is silent': {
    made: me => {
      me.tried('writeToChild 9', () => me.process.writeToChild(9, Buffer.from('x')));
      me.tried('closeChildFD 9', () => me.process.closeChildFD(9));
    },
  },
  'no stdin pipe: write is silent': { made: me => me.note('its standard input is always a pipe') },
  'getPeer/getHost raise': {
    made: me => {
      me.tried('getPeer', () => me.process.getPeer());
      me.tried('getHost', () => me.process.getHost());
    },
  },
  'pauseProducing stops output': {
    made: ({ process }) => process.pauseProducing(),
    exited: me => {
      setImmediate(() => {
        me.note('resume');
        me.process.resumeProducing();
      });
    },
  },
  'processEnded waits for a grandchild holding stdout': { slept: 'sleep 0.4', exited: goOn },
  'process closes its stdout early and lives on': { tellsOutput: true, slept: 'sleep 0.2', outputLost: goOn },
  'pty ctrl-C kills': { made: me => void me.whenItRuns(() => say('\x03')(me)) },
  'pty closeStdin is a no-op': { made: closeStdin },
  'pty loseConnection hangs up (HUP)': { made: me => void me.whenItRuns(() => me.process.loseConnection()) },
  'pty signalProcess TERM': { made: signal('TERM') },
  'pty writeToChild/closeChildFD not implemented': {
    made: me => {
      me.tried('writeToChild', () => me.process.writeToChild(1, Buffer.from('x')));
      me.tried('closeChildFD', () => me.process.closeChildFD(1));
    },
  },
};

/** Cases that are about the closing of a single pipe: standard output, after which standard error still is open. */
const aboutPipes = /closes its stdout early/;

export async function playProgram(played: ProgramCase): Promise<{ twisted: Log; ours: Log }> {
  const { on, name, argv, events, alternatives = [] } = played;
  const ours = tidy(await run(on, argv, scripts[name] ?? {}), name);
  const recorded = [events, ...alternatives.map(({ events }) => events)].map(each =>
    tidy(
      each.flatMap(event => eventLine(event, name)),
      name,
    ),
  );
  const twisted = recorded.find(each => each.join() === ours.join()) ?? recorded[0] ?? [];
  return { twisted, ours };
}

/** Cases that are about output behind the exit. In the others it may come before or behind, here as there. */
const aboutOrder = /grandchild|pauseProducing/;

function tidy(log: Log, name: string): Log {
  const ordered = aboutOrder.test(name) ? log : [...log.filter(isOutput), ...log.filter(line => !isOutput(line))];
  return joined(ordered, /^data\d$/);
}

const isOutput = (line: string): boolean => /^data\d /.test(line);

function eventLine([what, value, details]: RecordedEvent, name: string): Log {
  if (what === 'childConnectionLost' && !(aboutPipes.test(name) && Number(value) <= 1)) return [];
  if (what === 'processExited' || what === 'processEnded')
    return [endLine(what, details as { exitCode: number | null; signal: number | null })];
  if (value === undefined) return [String(what)];
  if (typeof value === 'object' && value !== null && 'raises' in value) return [`${String(what)} raises`];
  return [value === null && what !== 'pid' ? String(what) : `${String(what)} ${shownValue(value)}`];
}

const endLine = (what: string, { exitCode, signal }: { exitCode: number | null; signal: number | null }): string =>
  `${what} ${exitCode === null ? `signal ${signal}` : `code ${exitCode}`}`;

async function run(on: string, [file, ...args]: readonly string[], script: Script): Promise<Log> {
  const watched = new Watched(script);
  const { slept = '' } = script;
  const started = program(
    file ?? '',
    args.map(text => (slept === '' ? text : text.replace(slept, watched.gate.wait))),
  );
  try {
    if (on === 'pty') spawnPty(started, { ...quiet, size: noSize, modes: new Map() }, watched);
    else spawnPipes(started, watched);
  } catch {
    return ['raises'];
  }
  await watched.recorder.untilEnded();
  return watched.log;
}

const noSize = { columns: 0, rows: 0, widthPixels: 0, heightPixels: 0 };

class Watched implements IOutputLossProtocol {
  readonly log: string[] = [];
  readonly recorder = new ProcessRecorder();
  readonly gate = makeGate();
  process!: IProcessTransport;
  readonly #script: Script;

  constructor(script: Script) {
    this.#script = script;
  }

  makeConnection(process: IProcessTransport): void {
    this.process = process;
    this.note('connectionMade');
    this.#script.made?.(this);
  }

  outReceived(data: Uint8Array): void {
    this.note(`data1 ${shown(data)}`);
    this.#script.output?.(this);
  }

  errReceived(data: Uint8Array): void {
    this.note(`data2 ${shown(data)}`);
  }

  outConnectionLost(): void {
    if (this.#script.tellsOutput) this.note('childConnectionLost 1');
    this.#script.outputLost?.(this);
  }

  errConnectionLost(): void {
    // Of the pipes, only standard output closes early.
  }

  processExited(status: ExitStatus): void {
    this.note(endLine('processExited', numbers(status)));
    this.#script.exited?.(this);
  }

  processEnded(status: ExitStatus): void {
    this.note(endLine('processEnded', numbers(status)));
    this.#script.ended?.(this);
    this.recorder.processEnded(status);
  }

  processLost(error: Error): void {
    this.note(`processLost ${error.message}`);
  }

  note(line: string): void {
    this.log.push(line);
  }

  /** Once `sleep` itself runs: before that, a signal is our launcher's, or one that dash forgets between two commands. */
  async whenItRuns(call: () => void): Promise<void> {
    const { pid } = this.process;
    while (![pid, ...childrenOf(pid)].some(isSleep)) await turns(1);
    call();
  }

  tried(what: string, call: () => unknown): void {
    try {
      call();
      this.note(what);
    } catch {
      this.note(`${what} raises`);
    }
  }
}

const childrenOf = (pid: number | null): string[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);

/** By its first word: in a shell's command line it stands later. */
function isSleep(pid: number | string | null): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('sleep\0');
  } catch {
    return false; // it has gone since
  }
}

const numbers = ({ code, signal }: ExitStatus) => ({
  exitCode: code,
  signal: signal === null ? null : constants.signals[signal as NodeJS.Signals],
});
