/**
 * Whether a silent peer is still there: ask after so long, and give up after so many questions without a word.
 *
 * Anything that the peer says counts as a word. Nothing here knows a message. Semantics of sshd_config(5)
 * ClientAliveInterval and ClientAliveCountMax: with 15 s and 3, a peer that has gone is given up after about a minute.
 */
export interface KeepAliveOptions {
  /** Silence after which to ask, in milliseconds, at most 2^31 - 1; 0 means never. */
  readonly interval: number;
  /** Questions in a row that may go unanswered. */
  readonly countMax: number;
}

/** Who asks. */
export interface KeepAliveOwner {
  askIfAlive(): void;
  giveUp(): void;
}

export class KeepAlive {
  readonly #countMax: number;
  readonly #timer: NodeJS.Timeout | undefined;
  #heard = false;
  #unanswered = 0;

  constructor({ interval, countMax }: KeepAliveOptions, owner: KeepAliveOwner) {
    this.#countMax = countMax;
    if (interval === 0) return;
    this.#timer = setInterval(() => (this.#mayAsk() ? owner.askIfAlive() : owner.giveUp()), interval);
  }

  /** The peer has said something. */
  heard(): void {
    this.#heard = true;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #mayAsk(): boolean {
    this.#unanswered = this.#heard ? 0 : this.#unanswered + 1;
    this.#heard = false;
    return this.#unanswered <= this.#countMax;
  }
}
