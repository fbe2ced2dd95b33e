/** Programs: on pipes, and on a pseudo-terminal. */

/** A program with standard input, output and error apart. */
export { spawnPipes } from './pipes.ts';
/** A program on a terminal of its own. */
export { spawnPty } from './pty.ts';
export type { Terminal } from './started-on-terminal.ts';
/** Protocols that hear when a pipe of a program's closes. */
export type { IInputLossProtocol, IOutputLossProtocol } from '../contracts.ts';
/** What to start. */
export type { Program, ProgramPrefix } from './program.ts';
/** Whom to run it as. */
export type { Identity } from './identity.ts';
/** Through what: limits, a cgroup, another root, a sandbox, a container. */
export { bubblewrap, container, resourceLimits, rootDirectory, systemdScope, type ResourceLimits } from './prefixes.ts';
/** Commands, arguments and values that are not UTF-8. */
export { textOfBytes } from './byte-text.ts';
/** Who starts programs: this process. */
export { directPrograms, type ProgramRunner } from './runner.ts';
/** Whether it does so by the addon of native/. */
export { hasNativePrograms } from './native-programs.ts';
/** Or a small process that does nothing else. */
export * from './host/index.ts';
