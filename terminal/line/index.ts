/** The line editor, its history, completion and drawing. */

export { LineEditor, type ReadOptions } from './line-editor.ts';
/** A program of questions and answers. */
export { lineProgram } from './line-program.ts';
/** The words of node:readline/promises. */
export { Readline } from './readline.ts';
/** Options, with their defaults. */
export { lineEditorDefaults, type LineEditorOptions, type LineOptions } from './options.ts';
/** What keys can be bound to. */
export type { KeyMap } from './key-maps.ts';
export type { ActionName } from './actions/index.ts';
/** Lines that were submitted. */
export { historyDefaults, LineHistory, type HistoryRules } from './history.ts';
export { openHistoryFile, type HistoryFile } from './history-file.ts';
/** Completion. */
export type { Candidate, Completer, Completions } from './completion.ts';
/** Text in styles. */
export { styledString, type Span, type StyledText } from './styled-text.ts';
