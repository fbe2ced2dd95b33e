/** A program's output, as what it does to a terminal. */

/** Bytes of a program to operations, for those who have no transport. */
export { OutputDecoder, type OutputListener } from './output-decoder.ts';
/** Operations as values. */
export { operation, perform, type Operation, type OperationName } from './operation.ts';
/** What programs ask, and the answers. */
export { answerTo, type Question } from './question.ts';
/** Options, with their units and defaults. */
export { outputDefaults, type OutputOptions } from './options.ts';
/** A program on any terminal. */
export { ClientTerminal, type ClientTerminalOptions } from './client-terminal.ts';
