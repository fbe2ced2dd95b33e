/** A terminal as the medium of an endpoint: when its program may be typed to, what an EOF is there, and who reads it. */
import type { Endpoint } from '../endpoint.ts';
import type { Medium } from '../medium.ts';
import type { ReadsTaker } from '../shared-reads.ts';
import { Input } from './input.ts';
import { READY } from './launcher.ts';
import type { Leader } from './leader.ts';
import type { PtyMaster } from './pty-master.ts';
import { DISABLED, ICANON, VEOF, type TerminalModes } from './terminal-modes.ts';

export class PtyMedium implements Medium, ReadsTaker {
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
