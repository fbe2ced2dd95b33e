/**
 * Work that may never be over, such as asking a file system that does not answer: how much of it is begun, and how long
 * anybody waits for it.
 *
 * What has been begun cannot be taken back: it holds a thread until it is over, however long that takes. So in one place
 * only so much is begun at first until it has been answered, and one piece more at once for each answer, up to a bound.
 * Who waits longer than the time is told so, and a place that keeps somebody waiting longer gets nothing more to do. It
 * refuses to know what the work is. Places take turns.
 */
import { asError } from './errors.ts';
import { warnOfUndo } from './warnings.ts';

export interface PatienceOptions {
  /** Pieces of work at once, in all. */
  readonly most: number;
  /** In one place. */
  readonly mostOfOne: number;
  /** In one place of which nobody has had an answer since it was idle. @default 1 */
  readonly atFirst?: number;
  /** How long anybody waits, in milliseconds. */
  readonly time: number;
}

/** Nothing was heard in time, or it never was its turn. The message says which, as the end of a sentence. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
}

/** That wait in one place. */
const MOST_WAITING = 4096;

export class Patience {
  readonly #options: PatienceOptions;
  readonly #places = new Map<string, Place>();
  /** Places with something to begin, in the order of their turns. */
  readonly #ready = new Set<Place>();
  #busy = 0;
  #late = 0;

  constructor(options: PatienceOptions) {
    this.#options = options;
  }

  /**
   * Begin `work` when it is its turn in `place`. Resolves and rejects as it does, or rejects with NoAnswerError, when
   * it hears that it is late; what it answers all the same is given to `undo`.
   */
  run<T>(
    name: string,
    work: (late: AbortSignal) => Promise<T>,
    undo: (answer: T) => void = () => undefined,
  ): Promise<T> {
    const place = this.#places.get(name) ?? new Place(name, this.#options.atFirst);
    const refusal = this.#refusal(place);
    if (refusal !== undefined) return Promise.reject(new NoAnswerError(refusal));
    this.#places.set(name, place);
    return new Promise((resolve, reject) => {
      const late = new AbortController();
      const giveUp = (): void => {
        if (task.state === 'over') return;
        reject(this.#giveUp(place, task));
        late.abort();
      };
      const task: Task = {
        state: 'waiting',
        // Where this process itself was stopped, answers that have come are read behind the timer.
        timer: setTimeout(() => void setImmediate(giveUp).unref(), this.#options.time).unref(),
        begin: () =>
          void new Promise<T>(begun => begun(work(late.signal))).then(
            answer => (this.#over(place, task) ? resolve(answer) : undone(undo, answer)),
            (error: unknown) => {
              this.#over(place, task);
              reject(asError(error));
            },
          ),
      };
      place.waiting.add(task);
      this.#beginMore(place);
    });
  }

  get #seconds(): string {
    return `${this.#options.time / 1000} s`;
  }

  #refusal({ late, waiting }: Place): string | undefined {
    if (late > 0) return `somebody has been waiting there for more than ${this.#seconds}`;
    if (this.#late >= this.#options.most)
      return `${this.#late} others have been waiting for more than ${this.#seconds}`;
    if (waiting.size >= MOST_WAITING) return `${waiting.size} are waiting there`;
    return undefined;
  }

  #beginMore(place: Place): void {
    if (place.hasNext) this.#ready.add(place);
    for (const next of this.#ready) {
      if (this.#busy >= this.#options.most) return;
      this.#ready.delete(next);
      this.#beginNext(next);
      if (next.hasNext) this.#ready.add(next); // behind the others, and come to by this loop
    }
  }

  #beginNext(place: Place): void {
    const [task] = place.waiting;
    if (!task) return;
    place.waiting.delete(task);
    place.busy += 1;
    this.#busy += 1;
    task.state = 'begun';
    task.begin();
  }

  #giveUp(place: Place, task: Task): NoAnswerError {
    if (task.state === 'waiting') {
      const error = new NoAnswerError(this.#whyNotBegun(place));
      task.state = 'over';
      place.waiting.delete(task);
      this.#forget(place);
      return error;
    }
    task.state = 'late';
    place.late += 1;
    this.#late += 1;
    this.#forget(place);
    return new NoAnswerError(`there was no answer for ${this.#seconds}`);
  }

  #whyNotBegun({ busy }: Place): string {
    const [others, where] = busy > 0 ? [busy, ' there'] : [this.#busy, ''];
    const who = others === 1 ? '1 other waits' : `${others} others wait`;
    return `it was not its turn for ${this.#seconds}, because ${who}${where} for an answer`;
  }

  /** Answers whether somebody still waits for it. */
  #over(place: Place, task: Task): boolean {
    clearTimeout(task.timer);
    const isLate = task.state === 'late';
    task.state = 'over';
    if (isLate) {
      place.late -= 1;
      this.#late -= 1;
    } else place.allowed = Math.min(place.allowed + 1, this.#options.mostOfOne);
    place.busy -= 1;
    this.#busy -= 1;
    this.#forget(place);
    this.#beginMore(place);
    return !isLate;
  }

  #forget(place: Place): void {
    if (!place.hasNext) this.#ready.delete(place);
    if (place.busy === 0 && place.waiting.size === 0) this.#places.delete(place.name);
  }
}

/** Nobody is left to be told what goes wrong. */
function undone<T>(undo: (answer: T) => void, answer: T): void {
  try {
    undo(answer);
  } catch (error) {
    warnOfUndo(asError(error));
  }
}

interface Task {
  /** `late`: nobody waits for it any more, and it is not over. */
  state: 'waiting' | 'begun' | 'late' | 'over';
  readonly timer: NodeJS.Timeout;
  readonly begin: () => void;
}

class Place {
  readonly name: string;
  readonly waiting = new Set<Task>();
  busy = 0;
  late = 0;
  /** At once. */
  allowed: number;

  constructor(name: string, allowed = 1) {
    this.name = name;
    this.allowed = allowed;
  }

  get hasNext(): boolean {
    return this.waiting.size > 0 && this.busy < this.allowed && this.late === 0;
  }
}
