/** Time, as a thing that can be handed over: tests hand over one that they move by themselves. */
export interface Clock {
  /** Milliseconds from some beginning; never goes back. */
  now(): number;
  /** Call once, `delay` milliseconds from now. Returns how to call it off. */
  after(delay: number, call: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (delay, call) => {
    const timer = setTimeout(call, delay);
    return () => clearTimeout(timer);
  },
};
