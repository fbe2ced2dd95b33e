/**
 * One face of a session as the producer of the other: that one's end is for the protocols to hear of.
 */
import type { IPushProducer } from '../transport/contracts.ts';

export class Pausing implements IPushProducer {
  readonly #face: IPushProducer;

  constructor(face: IPushProducer) {
    this.#face = face;
  }

  pauseProducing(): void {
    this.#face.pauseProducing();
  }

  resumeProducing(): void {
    this.#face.resumeProducing();
  }

  stopProducing(): void {
    // The channel's end and the program's are heard of by their protocols.
  }
}
