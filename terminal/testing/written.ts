/**
 * What an app has written and no test has looked at yet, as text in the order in which it was written.
 *
 * A screen cannot tell a line from the same line written again; this can. Styles are left out; where the cursor was moved
 * or something was erased, a line ends. After Twisted's ExpectableBuffer, which consumes what was matched.
 */
import { OutputDecoder, type OutputListener } from '../client/output-decoder.ts';
import type { Operation, OperationName } from '../client/operation.ts';
import { findIn, Waits, type ScreenMatch, type WaitOptions } from '../screen/waits.ts';

/** UTF-16 units that are kept; of more, the oldest are dropped. */
const MOST_KEPT = 1_048_576;

/** Operations between which text goes on in its line. */
const inLine: ReadonlySet<OperationName> = new Set<OperationName>([
  'selectGraphicRendition',
  'setModes',
  'resetModes',
  'setPrivateModes',
  'resetPrivateModes',
  'startHyperlink',
  'endHyperlink',
  'selectCharacterSet',
  'shiftIn',
  'shiftOut',
  'setTitle',
  'pushTitle',
  'popTitle',
  'bell',
]);

export class Written implements OutputListener {
  readonly #decoder = new OutputDecoder(this);
  readonly #waits = new Waits(() => this.#text);
  #text = '';

  feed(data: Uint8Array): void {
    this.#decoder.feed(data);
    this.#waits.look();
  }

  /** What comes next that matches; it, and all before it, is not looked at again. Rejects with a WaitError. */
  async next(pattern: string | RegExp, options?: WaitOptions): Promise<ScreenMatch> {
    await this.#waits.until(pattern, options);
    const match = findIn(this.#text, pattern);
    if (!match) throw new Error('what was written was looked at by two at once: await one before the next');
    this.#text = this.#text.slice(endOf(this.#text, match));
    return match;
  }

  /** All that was written is not looked at again. */
  skip(): void {
    this.#text = '';
  }

  end(why: string): void {
    this.#waits.end(why);
  }

  // — from the decoder —

  text(text: string): void {
    this.#text = (this.#text + text.replace(/\r\n?|[\v\f]/g, '\n')).slice(-MOST_KEPT);
  }

  operation({ name }: Operation): void {
    if (!inLine.has(name) && !this.#text.endsWith('\n')) this.text('\n');
  }

  question(): void {}
  unhandled(): void {}
}

/** Behind the match: its rows and offset say where it begins. */
function endOf(text: string, { row, offset, text: matched }: ScreenMatch): number {
  const before = text.split('\n').slice(0, row);
  return before.reduce((length, line) => length + line.length + 1, offset) + matched.length;
}
