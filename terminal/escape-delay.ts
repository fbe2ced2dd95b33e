/**
 * How long a lone ESC may wait for the rest of a sequence, by how fast the terminal has answered.
 *
 * A sequence is torn apart where a packet ends, and its rest comes as late as the line is unsteady; that grows with the
 * round trip. So half of a smoothed round trip is added to what a steady line needs. Averaging as in RFC 6298 §2.
 */

const least = 25;
const most = 300;
/** Before the terminal has answered anything. */
const atFirst = 50;
/** While an answer is awaited, an ESC is most likely its beginning. */
const whileAwaiting = 300;

export class EscapeDelay {
  readonly #fixed: number | undefined;
  #roundTrip: number | undefined;

  constructor(setting: number | 'adaptive') {
    this.#fixed = setting === 'adaptive' ? undefined : setting;
  }

  /** The terminal took so long to answer. */
  roundTrip(milliseconds: number): void {
    this.#roundTrip = this.#roundTrip === undefined ? milliseconds : this.#roundTrip * 0.875 + milliseconds * 0.125;
  }

  /** In milliseconds. */
  delay(isAnswerAwaited: boolean): number {
    if (this.#fixed !== undefined) return this.#fixed;
    if (isAnswerAwaited) return whileAwaiting;
    return this.#roundTrip === undefined ? atFirst : Math.min(most, least + this.#roundTrip / 2);
  }
}
