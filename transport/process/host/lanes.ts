/**
 * Many lanes on one connection, each getting its turn: a program that floods does not hold up another's keystroke.
 *
 * While the connection takes no more, frames wait here, each lane's in order, and then go out one of each lane in
 * turn. The queue has no bound of its own, because what is put into it has one: streams send by credit, of sizes only the
 * newest is kept, and of signals a few.
 */
import type { IPushProducer, IStreamTransport } from '../../contracts.ts';
import { CONTROL, frameHeader, type Frame } from './frames.ts';

/** Frames of one control lane that may wait: more signals than this are refused. */
const MOST_CONTROL_FRAMES = 64;

export class Lanes implements IPushProducer {
  readonly #connection: IStreamTransport;
  /** In the order of their turns. */
  readonly #waiting = new Map<number, Frame[]>();
  #state: 'flowing' | 'paused' | 'stopped' = 'flowing';

  constructor(connection: IStreamTransport) {
    this.#connection = connection;
    connection.registerProducer(this, true);
  }

  post(frame: Frame): void {
    if (this.#state === 'stopped') return;
    if (this.#state === 'flowing') return this.#send(frame);
    const lane = laneKey(frame);
    const queue = this.#waiting.get(lane);
    if (queue) queue.push(frame);
    else this.#waiting.set(lane, [frame]);
  }

  /** Whether the program's control lane can take one frame more. */
  hasRoom(program: number): boolean {
    const queue = this.#waiting.get(laneKey({ program, lane: CONTROL }));
    return queue === undefined || queue.length < MOST_CONTROL_FRAMES;
  }

  /** Forget what waits in a lane. */
  drop(lane: Pick<Frame, 'program' | 'lane'>): void {
    this.#waiting.delete(laneKey(lane));
  }

  /** Send no more: the connection can close behind what it has. */
  close(): void {
    this.stopProducing();
    this.#connection.unregisterProducer();
    this.#connection.loseConnection();
  }

  pauseProducing(): void {
    if (this.#state === 'flowing') this.#state = 'paused';
  }

  resumeProducing(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'flowing';
    this.#sendInTurn();
  }

  stopProducing(): void {
    this.#state = 'stopped';
    this.#waiting.clear();
  }

  /** A lane that has more to send goes to the end of the line. */
  #sendInTurn(): void {
    for (const [lane, queue] of this.#waiting) {
      if (this.#state !== 'flowing') return;
      this.#waiting.delete(lane);
      const frame = queue.shift();
      if (queue.length > 0) this.#waiting.set(lane, queue);
      if (frame) this.#send(frame);
    }
  }

  #send(frame: Frame): void {
    this.#connection.writeSequence([frameHeader(frame), frame.bytes]);
  }
}

const laneKey = ({ program, lane }: Pick<Frame, 'program' | 'lane'>): number => program * 65_536 + lane;
