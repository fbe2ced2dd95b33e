/**
 * The streams of programs, each a connection by credit over a lane of its own.
 *
 * Both ends open the same lanes. An empty frame is a cut: the other end has dropped the stream, behind nothing. A frame
 * for a lane that is not open is one that was under way when the lane closed, and is dropped.
 * Memory: what waits for a stream is bounded by its window, and the sum of all windows by `TOTAL`, because each new
 * stream gets a smaller one as more are open; at most `SMALLEST` more for each stream beyond.
 */
import type { Address } from '../../address.ts';
import type { QueueLimits } from '../../contracts.ts';
import { CreditMedium, type Carrier } from '../../credits/credit-medium.ts';
import { Endpoint } from '../../endpoint.ts';
import type { Frame } from './frames.ts';
import type { Lanes } from './lanes.ts';

type LaneAddress = Pick<Frame, 'program' | 'lane'>;

/**
 * Bytes that one stream may be sent before it has dealt with them, while there are few. What a program says makes a
 * round trip of two event loops before more is granted, and a busy one takes milliseconds.
 */
export const OUTPUT_WINDOW = 1024 * 1024;
export const INPUT_WINDOW = 256 * 1024;
/** Enough for a screen. */
const SMALLEST = 16 * 1024;
/** Bytes that may wait for all streams together. */
const TOTAL = 64 * 1024 * 1024;

const CUT = new Uint8Array();

export class LaneStreams {
  readonly #lanes: Lanes;
  readonly #largest: number;
  readonly #open = new Map<string, CreditMedium>();
  #promised = 0;

  /** `largest` is the window of a stream while there are few. */
  constructor(lanes: Lanes, largest: number) {
    this.#lanes = lanes;
    this.#largest = largest;
  }

  open(at: LaneAddress, ends: { readonly peer: Address; readonly host: Address }, limits?: QueueLimits): Endpoint {
    const key = keyOf(at);
    const window = Math.max(SMALLEST, Math.min(this.#largest, Math.floor((TOTAL - this.#promised) / 8)));
    this.#promised += window;
    const closed = (): void => {
      this.#open.delete(key);
      this.#promised -= window;
    };
    const medium = new CreditMedium(new LaneCarrier(this.#lanes, at, closed), { window });
    const endpoint = new Endpoint(medium, ends, limits);
    this.#open.set(key, medium);
    medium.listen(endpoint);
    return endpoint;
  }

  received({ bytes, ...at }: Frame): void {
    const medium = this.#open.get(keyOf(at));
    if (bytes.length > 0) medium?.messageReceived(bytes);
    else medium?.carrierLost(new Error('the other end has dropped the stream'));
  }
}

class LaneCarrier implements Carrier {
  readonly #lanes: Lanes;
  readonly #at: LaneAddress;
  readonly #closed: () => void;

  constructor(lanes: Lanes, at: LaneAddress, closed: () => void) {
    this.#lanes = lanes;
    this.#at = at;
    this.#closed = closed;
  }

  post(bytes: Uint8Array): void {
    this.#lanes.post({ ...this.#at, bytes });
  }

  close(): void {
    this.#closed();
  }

  destroy(): void {
    this.#lanes.drop(this.#at);
    this.#lanes.post({ ...this.#at, bytes: CUT });
    this.#closed();
  }
}

const keyOf = ({ program, lane }: LaneAddress): string => `${program}/${lane}`;
