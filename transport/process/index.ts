/** Programs: on pipes, and on a pseudo-terminal. */

/** A program with standard input, output and error apart. */
export { spawnPipes } from './pipes.ts';
/** A program on a terminal of its own. */
export { spawnPty, type Terminal } from './pty.ts';
/** What to start. */
export type { Program } from './program.ts';
