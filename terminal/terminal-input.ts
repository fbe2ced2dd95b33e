/**
 * From the connection's bytes to the program: who claims what, and when a lone ESC has waited long enough.
 *
 * Answers go to the questions, sizes that the terminal tells itself (mode 2048) to the terminal, all else to the program.
 * Nothing is told once `stop` was called, not even what came in the same packet.
 */
import type { TerminalSize } from '../transport/contracts.ts';
import type { Clock } from './clock.ts';
import type { ITerminalProtocol } from './contracts.ts';
import { numberAt, type ControlSequence } from './parsing/control-sequence.ts';
import { InputDecoder, type InputListener } from './input/input-decoder.ts';
import type { EscapeDelay } from './escape-delay.ts';
import type { ResolvedTerminalOptions } from './options.ts';
import type { Questions } from './reports/questions.ts';

/** After so many milliseconds without its rest, a sequence is given up. */
const SEQUENCE_TIMEOUT = 3_000;

const LARGEST_SIZE = 65_535;

export interface InputHome {
  readonly protocol: ITerminalProtocol;
  readonly questions: Questions;
  readonly escapeDelay: EscapeDelay;
  readonly options: ResolvedTerminalOptions;
  /** Whether the terminal was told to tell its size. */
  readonly tellsSize: () => boolean;
  readonly resized: (size: TerminalSize) => void;
  /** Run code of the program; what it throws is dealt with. */
  readonly guard: (call: () => void) => void;
}

export class TerminalInput implements InputListener {
  readonly decoder: InputDecoder;
  readonly #home: InputHome;
  readonly #clock: Clock;
  #cancelTimer = (): void => undefined;
  #stopped = false;

  constructor(home: InputHome) {
    this.#home = home;
    this.#clock = home.options.clock;
    this.decoder = new InputDecoder(this, home.options);
    this.decoder.size = home.options.size;
  }

  feed(data: Uint8Array): void {
    this.#cancelTimer();
    this.decoder.feed(data);
    this.#wait();
  }

  /** Nothing more will come; what waits is told. */
  end(): void {
    this.#cancelTimer();
    this.decoder.abandon();
    this.#stopped = true;
  }

  /** Tell nothing more. */
  stop(): void {
    this.#cancelTimer();
    this.#stopped = true;
  }

  // — from the decoder —

  keystroke: InputListener['keystroke'] = stroke => this.#tell(program => program.keystrokeReceived(stroke));
  paste: InputListener['paste'] = paste => this.#tell(program => program.pasteReceived(paste));
  mouse: InputListener['mouse'] = event => this.#tell(program => program.mouseReceived(event));
  focus: InputListener['focus'] = focused => this.#tell(program => program.focusReceived(focused));
  unhandled: InputListener['unhandled'] = bytes => this.#tell(program => program.unhandledControlSequence(bytes));

  get isClaiming(): boolean {
    return this.#home.questions.mayClaim || this.#home.tellsSize();
  }

  claims(bytes: Uint8Array, parsed: ControlSequence | undefined): boolean {
    if (this.#home.questions.claims({ bytes, parsed })) return true;
    const size = parsed && this.#home.tellsSize() ? sizeTold(parsed) : undefined;
    if (size && !this.#stopped) this.#home.resized(size);
    return size !== undefined;
  }

  #tell(call: (program: ITerminalProtocol) => void): void {
    if (!this.#stopped) this.#home.guard(() => call(this.#home.protocol));
  }

  #wait(): void {
    if (this.#stopped || !this.decoder.isWaiting) return;
    const { escapeDelay, questions } = this.#home;
    if (this.decoder.isAmbiguous) {
      this.#cancelTimer = this.#clock.after(escapeDelay.delay(questions.isWaiting), () => this.decoder.flush());
    } else {
      this.#cancelTimer = this.#clock.after(SEQUENCE_TIMEOUT, () => this.decoder.abandon());
    }
  }
}

/** `CSI 48 ; rows ; columns ; height ; width t` */
function sizeTold(sequence: ControlSequence): TerminalSize | undefined {
  const { prefix, intermediates, final, parameters } = sequence;
  const is = prefix === '' && intermediates === '' && final === 't' && parameters.length === 5;
  if (!is || numberAt(sequence, 0) !== 48) return undefined;
  const [rows, columns] = [numberAt(sequence, 1), numberAt(sequence, 2)];
  const [heightPixels, widthPixels] = [numberAt(sequence, 3, 0, 0), numberAt(sequence, 4, 0, 0)];
  const isPossible = rows > 0 && columns > 0 && Math.max(rows, columns, heightPixels, widthPixels) <= LARGEST_SIZE;
  return isPossible ? { columns, rows, widthPixels, heightPixels } : undefined;
}
