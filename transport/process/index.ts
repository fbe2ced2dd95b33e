/** Programs: on pipes, and on a pseudo-terminal. */

/** A program with standard input, output and error apart. */
export { spawnPipes } from './pipes.ts';
/** A program on a terminal of its own. */
export { spawnPty, type Terminal } from './pty.ts';
/** What to start. */
export type { Program } from './program.ts';
/** Who starts programs: this process. */
export { directPrograms, type ProgramRunner } from './runner.ts';
/** Or a small process that does nothing else. */
export * from './host/index.ts';
