/** A promise with its handles outside; nobody has to await it, so its rejection alone is no error. */
export class Deferred {
  readonly promise: Promise<void>;
  resolve = (): void => undefined;
  reject: (error: Error) => void = () => undefined;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.promise.catch(() => undefined);
  }

  static resolved(): Deferred {
    const deferred = new Deferred();
    deferred.resolve();
    return deferred;
  }
}
