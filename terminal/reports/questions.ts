/**
 * Questions that wait for their answers: each takes the first sequence that is one, in the order asked.
 *
 * A question that was given up still takes an answer that comes late, if nobody else does, for a while: so that late
 * answers are not taken for keys. It sends nothing. Bounded: past 64 open questions, asking is an error.
 */
import type { CloseReason } from '../../transport/close-reason.ts';
import { ConnectionLostError, LocalMisuseError, UnsupportedError } from '../../transport/errors.ts';
import type { Clock } from '../clock.ts';
import type { Answer, AnswerReader } from './answers.ts';

const mostOpen = 64;
/** Times the deadline for which a late answer is still taken. */
const patience = 5;

interface Question {
  /** Takes the answer if it is one. */
  readonly take: (answer: Answer) => boolean;
  /** Is told, once, that no answer will come. */
  readonly fail: (error: Error) => void;
}

export interface Asked<T> {
  /** Undefined when it was withdrawn. */
  readonly answer: Promise<T | undefined>;
  /** No longer wait, as what was asked later has been answered. Does nothing once answered. */
  withdraw(): void;
}

export class Questions {
  readonly #clock: Clock;
  readonly #deadline: number;
  readonly #onRoundTrip: (milliseconds: number) => void;
  readonly #open = new Set<Question>();
  readonly #late = new Set<Question>();
  /** How to call off the timer of each. */
  readonly #timers = new Map<Question, () => void>();

  constructor(clock: Clock, deadline: number, onRoundTrip: (milliseconds: number) => void) {
    this.#clock = clock;
    this.#deadline = deadline;
    this.#onRoundTrip = onRoundTrip;
  }

  get isWaiting(): boolean {
    return this.#open.size > 0;
  }

  /** Also late answers are taken. */
  get mayClaim(): boolean {
    return this.#open.size > 0 || this.#late.size > 0;
  }

  /** Wait for what `read` reads. The caller sends the question itself, after this. */
  ask<T>(what: string, read: AnswerReader<T>): Asked<T> {
    if (this.#open.size >= mostOpen) throw new LocalMisuseError(`${mostOpen} questions wait for answers already`);
    let withdraw = (): void => undefined;
    const answer = new Promise<T | undefined>((resolve, reject) => {
      const question = this.#question(read, resolve, reject);
      withdraw = () => this.#giveUp(question, () => resolve(undefined));
      const late = new UnsupportedError(`the terminal did not tell ${what} within ${this.#deadline} milliseconds`);
      this.#timers.set(
        question,
        this.#clock.after(this.#deadline, () => this.#giveUp(question, () => reject(late))),
      );
      this.#open.add(question);
    });
    return { answer, withdraw: () => withdraw() };
  }

  /** Whether somebody waits for this. */
  claims(answer: Answer): boolean {
    return this.#takenBy(this.#open, answer) || this.#takenBy(this.#late, answer);
  }

  /** No answer will come. */
  close(reason: CloseReason): void {
    for (const question of this.#open) question.fail(new ConnectionLostError(reason));
    for (const question of [...this.#open, ...this.#late]) this.#forget(question);
  }

  #question<T>(read: AnswerReader<T>, resolve: (value: T) => void, reject: (error: Error) => void): Question {
    const asked = this.#clock.now();
    const take = (answer: Answer): boolean => {
      const value = read(answer);
      if (value === undefined) return false;
      this.#onRoundTrip(this.#clock.now() - asked);
      resolve(value);
      return true;
    };
    return { take, fail: reject };
  }

  #takenBy(questions: ReadonlySet<Question>, answer: Answer): boolean {
    for (const question of questions) {
      if (!question.take(answer)) continue;
      this.#forget(question);
      return true;
    }
    return false;
  }

  #giveUp(question: Question, tell: () => void): void {
    if (!this.#open.delete(question)) return;
    this.#forget(question);
    this.#late.add(question);
    this.#timers.set(
      question,
      this.#clock.after(this.#deadline * patience, () => this.#forget(question)),
    );
    tell();
  }

  #forget(question: Question): void {
    this.#timers.get(question)?.();
    this.#timers.delete(question);
    this.#open.delete(question);
    this.#late.delete(question);
  }
}
