/** A bag of things to release together: last in, first out, each exactly once, none skipped because another threw. */
export class Disposables implements Disposable {
  #releases: Array<() => void> | undefined = [];

  /** Own `release`. If the bag is already disposed, release at once: nothing can leak through a late add. */
  add(release: () => void): void {
    if (this.#releases) this.#releases.push(release);
    else release();
  }

  /** Own `thing` and give it back, so that opening and owning are one line. */
  own<T extends Disposable>(thing: T): T {
    this.add(() => thing[Symbol.dispose]());
    return thing;
  }

  [Symbol.dispose](): void {
    const releases = this.#releases?.reverse() ?? [];
    this.#releases = undefined;
    const errors: unknown[] = [];
    for (const release of releases) {
      try {
        release();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw new AggregateError(errors, `${errors.length} of ${releases.length} releases failed`);
  }
}
