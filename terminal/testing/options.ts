/** How a terminal app is put under test: what it is given, and on what terminal it runs. */
import type { Clock } from '../clock.ts';
import type { ITerminalProtocol } from '../contracts.ts';
import type { TerminalOptions } from '../options.ts';
import type { HostileLink } from './link.ts';

/** What an app under test may want to know. */
export interface TestSession {
  /** Its time, which the test moves: for apps that take a clock. */
  readonly clock: Clock;
}

/** Makes the app, as the program of `terminalApp` does. */
export type AppUnderTest = (session: TestSession) => ITerminalProtocol;

export interface TerminalTestOptions extends Omit<TerminalOptions, 'size' | 'clock'> {
  /** @default 80 */
  readonly columns?: number;
  /** @default 24 */
  readonly rows?: number;
  /** What is wrong with the link. @default nothing */
  readonly hostile?: HostileLink;
}
