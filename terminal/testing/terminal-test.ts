/**
 * A terminal app under test: it runs on a terminal whose other end is a screen to look at and hands to type with.
 *
 * Nothing is faked but the person: the app has a real `ServerTerminal` over a real connection in memory, and the screen
 * answers as xterm does. Its time is virtual. It needs no test runner: what is not as expected is an AssertionError.
 */
import type { CloseReason } from '../../transport/close-reason.ts';
import { LocalMisuseError } from '../../transport/errors.ts';
import type { MouseButton, MouseEvent } from '../keystroke.ts';
import type { Style } from '../output/style.ts';
import { ScreenBuffer } from '../screen/screen-buffer.ts';
import type { ScreenMatch, WaitOptions } from '../screen/waits.ts';
import type { ServerTerminal } from '../server-terminal.ts';
import { startTerminal } from '../start-terminal.ts';
import { withEnd } from '../with-end.ts';
import { expectScreen, expectStyle, placeOf, type ExpectedScreen, type Place } from './expectations.ts';
import { floodOf } from './flood.ts';
import { focusBytes, mouseBytes, pasteBytes } from './hand-bytes.ts';
import { keyBytes } from './key-bytes.ts';
import { keyNamed } from './key-name.ts';
import { Link } from './link.ts';
import type { AppUnderTest, TerminalTestOptions } from './options.ts';
import { compareWithFile } from './snapshot-file.ts';
import { VirtualClock } from './virtual-clock.ts';
import { Written } from './written.ts';

/** Longer than any escape delay. */
const ESCAPE_WAIT = 300;

/** Start `app` and let it draw. Throws ConfigError. */
export async function terminalTest(app: AppUnderTest, options: TerminalTestOptions = {}): Promise<TerminalTest> {
  const test = new TerminalTest(app, options);
  await test.settle();
  return test;
}

export class TerminalTest implements AsyncDisposable {
  readonly screen: ScreenBuffer;
  readonly terminal: ServerTerminal;
  readonly clock = new VirtualClock();
  readonly #link: Link;
  readonly #written = new Written();
  #reason: CloseReason | undefined;
  #exitCode: number | undefined;

  constructor(app: AppUnderTest, { columns = 80, rows = 24, hostile = {}, ...options }: TerminalTestOptions) {
    this.screen = new ScreenBuffer({ columns, rows });
    this.#link = new Link(this.clock, hostile, data => this.#shown(data));
    const size = { columns, rows, widthPixels: 0, heightPixels: 0 };
    const program = withEnd(app({ clock: this.clock }), reason => (this.#reason = reason));
    this.terminal = startTerminal(this.#link.near, program, { ...options, size, clock: this.clock }, ({ code }) => {
      this.#exitCode = code;
      this.#link.near.loseConnection();
    });
  }

  // — what the person does —

  /** Each character as a key; LF is Enter. */
  async type(text: string): Promise<void> {
    this.#send(text.replace(/\r?\n/g, '\r'));
    await this.settle();
  }

  /**
   * Keys by name, such as `ctrl-c`, `alt+left`, `f5`: as the terminal sends them in the modes that the app has set. After
   * Escape 300 milliseconds pass, so that it is one. Throws RangeError for a key that has no bytes of its own.
   */
  async press(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      const bytes = keyBytes(keyNamed(name), this.screen.modes);
      this.#send(bytes);
      await this.settle();
      if (/^\x1b+[[OP\]X^_]?$/.test(bytes)) await this.pass(ESCAPE_WAIT);
    }
  }

  /** As one paste, if the app has set `bracketedPaste`, and else as keys. */
  async paste(text: string): Promise<void> {
    this.#send(pasteBytes(text, this.screen.modes));
    await this.settle();
  }

  /** Press and release the mouse at a place, or on a text that the screen shows. */
  async click(where: Place | string, button: MouseButton = 'left'): Promise<void> {
    const place = typeof where === 'string' ? placeOf(this.screen, where) : where;
    const held = { control: false, alt: false, shift: false, super: false };
    await this.mouse({ ...held, ...place, event: 'press', button });
    if (this.screen.modes.mouse !== 'press') await this.mouse({ ...held, ...place, event: 'release', button });
  }

  /** LocalMisuseError when the app has not asked for such events: a real terminal would send nothing. */
  async mouse(event: MouseEvent): Promise<void> {
    const bytes = mouseBytes(event, this.screen.modes);
    if (bytes === undefined)
      throw new LocalMisuseError(`the app does not hear of ${event.event}: it has set no mouse mode for it`);
    this.#link.send(Buffer.from(bytes, 'latin1'));
    await this.settle();
  }

  /** The window comes to the front, or goes. LocalMisuseError when the app has not set `focusReports`. */
  async focus(focused: boolean): Promise<void> {
    if (!this.screen.modes.focusReports) throw new LocalMisuseError('the app has not set the mode `focusReports`');
    this.#send(focusBytes(focused));
    await this.settle();
  }

  async resize(columns: number, rows: number): Promise<void> {
    this.screen.resize(columns, rows);
    this.terminal.resized({ columns, rows, widthPixels: 0, heightPixels: 0 });
    await this.settle();
  }

  /** The connection ends: closed by the person, or `cut` as by a network that is gone. */
  async disconnect(how: 'closed' | 'cut' = 'closed'): Promise<void> {
    if (how === 'cut') this.#link.cut();
    else this.#link.hangUp();
    await this.settle();
  }

  /** So many bytes of keys, sequences and noise at once, the same for the same seed. */
  async flood(bytes = 1_000_000, seed = 1): Promise<void> {
    this.#link.send(floodOf(bytes, seed));
    await this.settle();
    await this.pass(5_000);
  }

  /** From now on the person's side takes nothing, until `thaw`: what the app writes waits. */
  freeze(): void {
    this.#link.freeze();
  }

  async thaw(): Promise<void> {
    this.#link.thaw();
    await this.settle();
  }

  /** Let virtual milliseconds pass, and the app react. */
  async pass(milliseconds: number): Promise<void> {
    this.clock.pass(milliseconds);
    await this.settle();
  }

  /** Let the app do all that it can do now. Time passes only for bytes that are on a slow link. */
  settle(): Promise<void> {
    return this.#link.settle(() => this.clock.pass(1));
  }

  /**
   * Resolves when the screen shows `pattern`: for apps that wait for something real, such as a file. Its deadline is in
   * real time. Rejects with a WaitError.
   */
  until(pattern: string | RegExp, options?: WaitOptions): Promise<ScreenMatch> {
    return this.screen.until(pattern, options);
  }

  /**
   * Resolves when the app has written `pattern` since what the last `expectNext` matched, or since `skip`: for output that
   * comes again. Where the cursor was moved, a line ends. Its deadline is in real time. Rejects with a WaitError.
   */
  async expectNext(pattern: string | RegExp, options?: WaitOptions): Promise<ScreenMatch> {
    await this.settle();
    return this.#written.next(pattern, options);
  }

  /** `expectNext` is to look at nothing that was written so far. */
  async skip(): Promise<void> {
    await this.settle();
    this.#written.skip();
  }

  // — what is expected —

  /** The rows (a string, a list) or something on them (a pattern). Throws AssertionError with the screen in it. */
  async expectScreen(expected: ExpectedScreen): Promise<void> {
    await this.settle();
    expectScreen(this.screen, expected);
  }

  /** `text`, where it stands first, looks at least so. */
  async expectStyle(text: string, style: Style): Promise<void> {
    await this.settle();
    expectStyle(this.screen, text, style);
  }

  /** The screen is the one kept in `file`: as text, or as `.svg`, `.html`, or `.json` with all cells. */
  async expectSnapshot(file: string | URL): Promise<void> {
    await this.settle();
    compareWithFile(this.screen, file);
  }

  /** Why the app's connection ended; undefined while it has not. */
  get ended(): CloseReason | undefined {
    return this.#reason;
  }

  /** The exit status that the app has ended with; undefined while it has not, and when the person went first. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.disconnect('cut');
    this.screen[Symbol.dispose]();
    this.#written.end('the test is over');
  }

  #send(text: string): void {
    this.#link.send(Buffer.from(text, 'utf8'));
  }

  #shown(data: Uint8Array): void {
    this.screen.write(data);
    this.#written.feed(data);
    const replies = this.screen.takeReplies();
    if (replies !== '') this.#send(replies);
  }
}
