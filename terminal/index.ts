/** Terminals: operations out, keystrokes in. */

/** What a terminal can do and what a program on it is told. */
export {
  TerminalProtocol,
  type IDrawingOperations,
  type ISettingOperations,
  type ITerminalOperations,
  type ITerminalProtocol,
  type ITerminalTransport,
} from './contracts.ts';
/** What a terminal can be asked. */
export type {
  CursorPosition,
  ITerminalReports,
  ModeState,
  PixelSize,
  Rgb,
  TerminalColours,
} from './reports/contracts.ts';
/** What a terminal can do, as a value. */
export type { Capabilities, ColourDepth } from './capabilities/capabilities.ts';
/** What a person does. */
export {
  keystroke,
  keystrokeName,
  type Keystroke,
  type Modifiers,
  type MouseButton,
  type MouseEvent,
  type Paste,
} from './keystroke.ts';
/** Control functions as strings, for those who write them by themselves. */
export * from './output/index.ts';
/** Cells to draw on, and what makes a terminal look like them. */
export * from './drawing/index.ts';
/** Widgets, and the app that runs them. */
export * from './widgets/index.ts';
/** Bytes of a terminal to keystrokes, for those who have no transport. */
export { InputDecoder, inputDefaults, type InputLimits, type InputListener } from './input/input-decoder.ts';
/** A program on the terminal at the other end of a connection. */
export { ServerTerminal, type CloseTerminal, type TerminalEnd } from './server-terminal.ts';
export { startTerminal } from './start-terminal.ts';
/** A program's output, as what it does to a terminal. */
export * from './client/index.ts';
/** Options of a terminal, with their units and defaults. */
export { terminalDefaults, type TerminalOptions } from './options.ts';
/** What the person sees: the picture that a program's bytes make. */
export * from './screen/index.ts';
/** Time, for tests. */
export { systemClock, type Clock } from './clock.ts';
/** Lines, edited where they are typed. */
export * from './line/index.ts';
/** How wide text is. */
export { graphemesOf, graphemeWidth, textWidth } from './width.ts';
/** A JavaScript prompt. */
export { repl, replDefaults, type ReplOptions } from './repl/repl.ts';
export type { ReplContext } from './repl/evaluator.ts';
