/**
 * The fuzzer: connections to one server of ours, each spoiled at one stage, while an innocent session goes on beside
 * them.
 *
 * Every case has a number and random numbers of its own, so that one can be run alone. Keys and cookies of the engine's
 * key exchanges are new each time. What goes wrong is written down as a problem, with the case and what it sent.
 */
import type { Socket } from 'node:net';
import type { ServerEvent } from '../../server/events.ts';
import { asError } from '../../transport/errors.ts';
import { collectGarbage } from '../support/garbage.ts';
import { Journal } from '../support/journal.ts';
import { startServer, userKey } from '../support/nacre-server.ts';
import type { SshPeer } from '../support/ssh-peer.ts';
import { turns } from '../support/turns.ts';
import { echo, Innocent } from './innocent.ts';
import { Random } from './random.ts';
import { FuzzReport } from './report.ts';
import { stageOf, stages, type Case, type Stage } from './stages.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** Stop after so many spoiled packets, or so many milliseconds, whichever is first. */
  readonly packets?: number | undefined;
  readonly milliseconds?: number | undefined;
  /** Stop when every stage has had so many spoiled packets; one that has had them is left out. */
  readonly each?: number | undefined;
  /** Only this case. */
  readonly only?: number | undefined;
}

/** Cases that run side by side, and cases after which the innocent session is looked at. */
const SIDE_BY_SIDE = 6;
const BATCH = 120;
/** What heap and external memory may grow by over a whole run, in MiB, once it has warmed up. */
const MAX_GROWTH = 24;
const WARM_UP_CASES = 360;
/** How long the server's side of a connection, and what it holds, may outlive the client's, in milliseconds. */
const END_DEADLINE = 60_000;

/** Reasons by which a connection may end: anything else is an error that nobody thought of. */
const typed =
  /^(peer broke (?:RFC \d+|OpenSSH PROTOCOL) §[\d.]+(?=: )|closed$|aborted$|lost: (?:peer disconnected|\w+ \w+)|more than \d+ bytes)/;
/** Events that only a fault of ours brings about, with this server. */
const faults: ReadonlySet<string> = new Set(['login-error', 'request-error', 'session-error', 'accept-failed']);

/** What the server has said of one connection. */
interface ServerSide {
  ended: string | undefined;
  accepted: boolean;
}

export async function fuzz({
  seed,
  packets = Infinity,
  milliseconds = Infinity,
  each = Infinity,
  only,
}: FuzzOptions): Promise<FuzzReport> {
  const run = await FuzzRun.start(seed);
  const until = performance.now() + milliseconds;
  if (only !== undefined) await run.case(only);
  const goesOn = (): boolean =>
    run.report.packets < packets && performance.now() < until && stages.some(stage => run.wants(stage, each));
  for (let first = 0; only === undefined && goesOn(); first += BATCH) await run.batch(first, each);
  return run.end();
}

class FuzzRun {
  readonly report: FuzzReport;
  readonly #seed: number;
  readonly #running = new Set<number>();
  readonly #sides = new Map<string, ServerSide>();
  readonly #changes = new Journal<never>();
  readonly #watch: Watch;
  readonly #before = resources();
  #server!: Awaited<ReturnType<typeof startServer>>;
  #innocent!: Innocent;
  #memory: number | undefined;

  private constructor(seed: number) {
    this.#seed = seed;
    this.report = new FuzzReport(seed);
    this.#watch = new Watch(what =>
      this.report.problem(`${what}, while these cases ran: ${[...this.#running].join()}`),
    );
  }

  static async start(seed: number): Promise<FuzzRun> {
    const run = new FuzzRun(seed);
    const onEvent = (event: ServerEvent): void => run.#heard(event);
    run.#server = await startServer({ admission, limits, onEvent, authorize }, echo);
    run.#innocent = await Innocent.start(run.#server.port);
    return run;
  }

  /** Has this stage had fewer spoiled packets than `each`? */
  wants({ name }: Stage, each: number): boolean {
    return (this.report.packetsByStage[name] ?? 0) < each;
  }

  /** Cases side by side; then everybody else must be as well as before. */
  async batch(first: number, each: number): Promise<void> {
    let next = first;
    const take = async (): Promise<void> => {
      while (next < first + BATCH) {
        const number = next++;
        if (this.wants(stageOf(number), each)) await this.case(number);
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, take));
    const wrong = await this.#innocent.check();
    if (wrong !== undefined) this.report.problem(wrong);
    if (this.#memory === undefined && next >= WARM_UP_CASES) this.#memory = await memoryInUse();
  }

  async case(number: number): Promise<void> {
    const random = Random.of(this.#seed, number);
    const stage = stageOf(number);
    const trace = new Trace(stage, random, this.#server.port, this.report);
    this.#running.add(number);
    this.#innocent.say(random);
    try {
      await stage.play(trace);
      await this.#endOf(trace);
    } catch (error) {
      this.report.problem(`${stage.name}: ${asError(error).message}${trace.text}`, number);
    }
    trace.socket?.destroy();
    this.#running.delete(number);
    this.#judge(number, trace);
  }

  /** Everybody leaves, and nothing is left behind. */
  async end(): Promise<FuzzReport> {
    const grown = this.#memory === undefined ? 0 : (await memoryInUse()) - this.#memory;
    this.report.grownBy = grown;
    if (grown > MAX_GROWTH) this.report.problem(`memory grew by ${grown.toFixed(1)} MiB`);
    const wrong = await this.#innocent.check();
    if (wrong !== undefined) this.report.problem(wrong);
    await this.#innocent.leave();
    await this.#server.server.close(END_DEADLINE);
    for (const left of await this.#leftBehind()) this.report.problem(`left behind: ${left}`);
    this.#watch.end();
    return this.report;
  }

  /** What is there and was not before, when all that goes by and by has gone. */
  async #leftBehind(): Promise<string[]> {
    const left = (): string[] =>
      [...resources()].flatMap(([kind, count]) => {
        const more = count - (this.#before.get(kind) ?? 0);
        return more > 0 ? [`${more} of ${kind}`] : [];
      });
    for (const begin = performance.now(); left().length > 0 && performance.now() - begin < END_DEADLINE;)
      await turns(1);
    await turns(20);
    return left();
  }

  async #endOf({ socket, address, random }: Trace): Promise<void> {
    if (!socket) return;
    if (random.chance(0.5)) socket.destroy();
    else socket.end();
    const over = (): boolean => this.#sides.get(address)?.ended !== undefined;
    await this.#changes.until(over, 'the server to end the connection', END_DEADLINE);
    if (!socket.closed) await new Promise(resolve => socket.once('close', resolve));
  }

  #judge(number: number, trace: Trace): void {
    const address = trace.address;
    const side = this.#sides.get(address);
    this.#sides.delete(address);
    const { name } = trace.stage;
    const reason = side?.ended ?? 'nothing';
    const kind = typed.exec(reason)?.[0];
    this.report.ended(name, kind ?? reason);
    this.report.answered(name, trace.peer?.numbers ?? []);
    if (kind === undefined) this.report.problem(`${name}: ended by "${reason}"${trace.text}`, number);
    if (name === 'login' && side?.accepted)
      this.report.problem(`login: a spoiled login was accepted${trace.text}`, number);
  }

  #heard(event: ServerEvent): void {
    if (faults.has(event.event)) this.report.problem(`event ${JSON.stringify(event)}`);
    if (event.event === 'connection-refused') this.report.problem(`a connection was refused: ${event.reason}`);
    if (event.event === 'connection-opened') this.#sides.set(event.peer, { ended: undefined, accepted: false });
    if (event.event !== 'login-accepted' && event.event !== 'connection-closed') return;
    const side = this.#sides.get(event.peer);
    if (!side || side.ended !== undefined)
      return this.report.problem(`told of the end again: ${JSON.stringify(event)}`);
    if (event.event === 'login-accepted') side.accepted = true;
    else side.ended = event.reason;
    this.#changes.wake();
  }
}

/** A case as it is played: what it sent is remembered, for whoever has to find out what was wrong. */
class Trace implements Case {
  readonly stage: Stage;
  readonly random: Random;
  readonly port: number;
  socket: Socket | undefined;
  peer: SshPeer | undefined;
  address = '';
  readonly #report: FuzzReport;
  readonly #sent: string[] = [];

  constructor(stage: Stage, random: Random, port: number, report: FuzzReport) {
    this.stage = stage;
    this.random = random;
    this.port = port;
    this.#report = report;
  }

  get text(): string {
    return this.#sent.map(line => `\n    ${line}`).join('');
  }

  connected(socket: Socket, peer?: SshPeer): void {
    this.socket = socket;
    this.peer = peer;
    this.address = addressOf(socket);
  }

  spoiled(how: string, bytes: Uint8Array): void {
    this.#report.sent(this.stage.name);
    this.#sent.push(`${how}: ${Buffer.from(bytes.subarray(0, 400)).toString('hex')}`);
  }
}

/** What this process hears of faults that nobody caught. */
class Watch {
  readonly #listeners: Array<[event: string, listener: (what: unknown) => void]>;

  constructor(problem: (what: string) => void) {
    const listenerFor = (event: string): [string, (what: unknown) => void] => [
      event,
      what => {
        const { name, stack } = asError(what);
        if (name !== 'ExperimentalWarning') problem(`${event}: ${stack}`);
      },
    ];
    this.#listeners = ['uncaughtException', 'unhandledRejection', 'warning'].map(listenerFor);
    for (const [event, listener] of this.#listeners) process.on(event, listener);
  }

  end(): void {
    for (const [event, listener] of this.#listeners) process.off(event, listener);
  }
}

const authorize = async (user: string, key: { readonly blob: Uint8Array }): Promise<boolean> => {
  await Promise.resolve();
  return user === 'user' && userKey.blob.equals(key.blob);
};

/** Everybody comes from one address here, and behaves badly. */
const admission = {
  startups: { begin: 1_000, full: 1_000 },
  penalties: { enabled: false },
};
const limits = { requests: { perSecond: 0 } };

const addressOf = (socket: Socket): string => `127.0.0.1:${socket.localPort}`;

function resources(): Map<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** MiB of heap and of what it holds outside, after everything has been swept up: sockets go by and by. */
async function memoryInUse(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    await turns(5);
    collectGarbage();
  }
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 ** 2;
}
