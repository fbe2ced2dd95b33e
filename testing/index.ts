/** To test what is built on nacre, with any test runner. */

/** A terminal app, with a screen to look at and hands to type with. */
export { terminalTest, type TerminalTest } from '../terminal/testing/terminal-test.ts';
export type { AppUnderTest, TerminalTestOptions, TestSession } from '../terminal/testing/options.ts';
/** What a test may expect of a screen, for screens of your own. */
export { expectScreen, expectStyle, type ExpectedScreen, type Place } from '../terminal/testing/expectations.ts';
export { compareWithFile } from '../terminal/testing/snapshot-file.ts';
/** What can be wrong with the link. */
export type { HostileLink } from '../terminal/testing/link.ts';
/** What a terminal sends for a key. */
export { keyBytes, type KeyModes } from '../terminal/testing/key-bytes.ts';
export { keyNamed } from '../terminal/testing/key-name.ts';
/** Time that the test moves. */
export { VirtualClock } from '../terminal/testing/virtual-clock.ts';
