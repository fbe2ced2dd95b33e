/**
 * Mends a fault of the library's: to erase from the first place of the screen up to its last, it looks for the row below
 * the last one, and throws where there is none. All is erased then. Source: @xterm/headless 6.0, InputHandler.eraseInDisplay.
 */
export interface CsiParser {
  registerCsiHandler(
    id: { prefix?: string; final: string },
    handle: (parameters: ReadonlyArray<number | readonly number[]>) => boolean,
  ): unknown;
}

export interface ErasedScreen {
  /** Is the cursor in the last place, or behind it? */
  readonly isAtEnd: () => boolean;
  /** Erase all of it, or all but what is protected (DECSCA). */
  readonly eraseAll: (keepsProtected: boolean) => void;
}

/** ED and DECSED with the parameter 1: from the beginning up to the cursor. ECMA-48 §8.3.39. */
export function mendErasing(parser: CsiParser, { isAtEnd, eraseAll }: ErasedScreen): void {
  for (const prefix of ['', '?']) {
    parser.registerCsiHandler({ ...(prefix === '' ? {} : { prefix }), final: 'J' }, ([what]) => {
      if (what !== 1 || !isAtEnd()) return false;
      eraseAll(prefix === '?');
      return true;
    });
  }
}
