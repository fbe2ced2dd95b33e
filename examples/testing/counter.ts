/** A terminal app that counts: up and down keys, a click on a word, and by itself every second. Control+C ends it. */
import {
  systemClock,
  TerminalProtocol,
  type Clock,
  type ITerminalTransport,
  type Keystroke,
  type MouseEvent,
} from 'nacre/terminal';

const steps: Readonly<Record<string, number>> = { up: 1, down: -1 };

export class Counter extends TerminalProtocol {
  readonly #clock: Clock;
  #terminal: ITerminalTransport | undefined;
  #count = 0;
  #stop = (): void => undefined;

  constructor(clock: Clock = systemClock) {
    super();
    this.#clock = clock;
  }

  override makeConnection(terminal: ITerminalTransport): void {
    this.#terminal = terminal;
    terminal.setPrivateModes(['alternateScreen', 'mouseButtons', 'mouseSgr']);
    this.#add(0);
    this.#tick();
  }

  override keystrokeReceived({ key, control }: Keystroke): void {
    if (control && key === 'c') this.#terminal?.loseConnection();
    else this.#add(steps[key] ?? 0);
  }

  /** The word `reset` stands in the second row. */
  override mouseReceived({ event, row }: MouseEvent): void {
    if (event === 'press' && row === 1) this.#add(-this.#count);
  }

  override connectionLost(): void {
    this.#stop();
  }

  #tick(): void {
    this.#stop = this.#clock.after(1_000, () => {
      this.#add(1);
      this.#tick();
    });
  }

  #add(step: number): void {
    this.#count += step;
    this.#terminal?.cursorHome();
    this.#terminal?.setStyle(this.#count < 0 ? { foreground: 'red', bold: true } : {});
    this.#terminal?.writeText(`count: ${this.#count}`);
    this.#terminal?.setStyle({});
    this.#terminal?.eraseToLineEnd();
    this.#terminal?.writeText('\nreset');
  }
}
