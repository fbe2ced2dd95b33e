/**
 * What a program has asked of the keyboard by the kitty keyboard protocol: a stack of flags for each of the two screens.
 *
 * Source: https://sw.kovidgoyal.net/kitty/keyboard-protocol/, "Progressive enhancement". A stack that is full loses its
 * oldest entry.
 */

const deepest = 16;
const allFlags = 31;

interface Parser {
  registerCsiHandler(
    id: { prefix?: string; final: string },
    handle: (parameters: (number | number[])[]) => boolean,
  ): unknown;
  registerEscHandler(id: { final: string }, handle: () => boolean): unknown;
}

/** What the stack has to know of its terminal. */
interface Home {
  readonly screen: () => ScreenName;
  readonly reply: (answer: string) => void;
}

export type ScreenName = 'normal' | 'alternate';

export class KeyboardStack {
  readonly #stacks: Record<ScreenName, number[]> = { normal: [], alternate: [] };

  /** The flags in use, as a sum; 0 is the keyboard as it always was. */
  flags(screen: ScreenName): number {
    return this.#stacks[screen].at(-1) ?? 0;
  }

  /** From the oldest to the one in use. */
  stack(screen: ScreenName): readonly number[] {
    return this.#stacks[screen];
  }

  /** Do what a program says from now on. */
  listen(parser: Parser, { screen, reply }: Home): void {
    const hear = (prefix: string, act: (first: number, second: number) => void): unknown =>
      parser.registerCsiHandler({ prefix, final: 'u' }, parameters => {
        act(numberOf(parameters[0]), numberOf(parameters[1]));
        return true;
      });
    hear('>', flags => this.push(screen(), flags));
    hear('<', entries => this.pop(screen(), entries));
    hear('=', (flags, how) => this.set(screen(), flags, how));
    hear('?', () => reply(`\x1b[?${this.flags(screen())}u`));
    parser.registerEscHandler({ final: 'c' }, () => this.reset());
  }

  push(screen: ScreenName, flags: number): void {
    const stack = this.#stacks[screen];
    stack.push(flags & allFlags);
    if (stack.length > deepest) stack.shift();
  }

  pop(screen: ScreenName, entries: number): void {
    const stack = this.#stacks[screen];
    stack.splice(Math.max(0, stack.length - Math.max(1, entries)));
  }

  /** `how`: 1 these, 2 these too, 3 not these. */
  set(screen: ScreenName, flags: number, how: number): void {
    const before = this.flags(screen);
    const after = how === 3 ? before & ~flags : how === 2 ? before | flags : flags;
    this.#stacks[screen].splice(-1, 1, after & allFlags);
  }

  /** Says that others have to reset too. */
  reset(): false {
    this.#stacks.normal.length = 0;
    this.#stacks.alternate.length = 0;
    return false;
  }
}

const numberOf = (parameter: number | number[] = 0): number => (typeof parameter === 'number' ? parameter : 0);
