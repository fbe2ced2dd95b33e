/**
 * What has been changed on a terminal, and how to put it back: latest change first, each once.
 *
 * It sends nothing. A change made twice is put back once, at the place of the later one.
 */
export class Changes {
  readonly #undo = new Map<string, string>();

  made(what: string, undo: string): void {
    this.#undo.delete(what);
    this.#undo.set(what, undo);
  }

  unmade(what: string): void {
    this.#undo.delete(what);
  }

  has(what: string): boolean {
    return this.#undo.has(what);
  }

  /** What puts everything back; nothing is left to put back afterwards. */
  takeUndo(): string {
    const undo = [...this.#undo.values()].reverse().join('');
    this.#undo.clear();
    return undo;
  }
}
