/**
 * A JavaScript prompt on a terminal: a line is read, run, and what it came to is shown in colours.
 *
 * While a line awaits something, control+C gives the prompt back. A promise that a line leaves behind is numbered, and told
 * above the next line once it is settled. It refuses to be a sandbox: give it only to people who may do what the process
 * may. After Twisted's Manhole.
 */
import { ConfigError, EndOfInputError, InterruptedError } from '../../transport/errors.ts';
import type { ITerminalProtocol } from '../contracts.ts';
import type { LineEditor } from '../line/line-editor.ts';
import { lineProgram } from '../line/line-program.ts';
import type { LineEditorOptions } from '../line/options.ts';
import type { StyledText } from '../line/styled-text.ts';
import { checkNames, requireWhole } from '../option-checks.ts';
import type { ReplContext } from './evaluator.ts';
import { ProcessSession } from './process-session.ts';
import { LocalSession, type ReplSession } from './session.ts';
import { sgrSpans } from './sgr-spans.ts';
import { highlight, isWhole } from './source.ts';

export interface ReplOptions {
  /** @default '> ' */
  readonly prompt?: StyledText;
  /** @default '… ' */
  readonly continuation?: StyledText;
  /** Printed first. @default none */
  readonly banner?: StyledText;
  /** How long a line may keep the whole process busy, in milliseconds; then it is stopped. @default 5_000 */
  readonly timeout?: number;
  /**
   * Where lines run: in this process, which they can end and keep busy, or in one of their own, which is replaced when it
   * ends. There, `context` is copies; of functions, stand-ins whose calls return promises. @default 'none'
   */
  readonly isolation?: 'none' | 'process';
  /** With a process of its own, the mebibytes of its heap. @default 128 */
  readonly memory?: number;
  /** Keys, history and limits of the line editor. */
  readonly editor?: Pick<LineEditorOptions, 'mode' | 'bindings' | 'history' | 'maxLength' | 'maxListRows'>;
}

export const replDefaults = Object.freeze({
  prompt: '> ',
  continuation: '… ',
  banner: '',
  timeout: 5_000,
  isolation: 'none',
  memory: 128,
  editor: Object.freeze({}),
}) satisfies Required<ReplOptions>;

/** A prompt for each terminal that it is started on, all of whose lines see `context`. Throws ConfigError. */
export function repl(context: ReplContext = {}, options: ReplOptions = {}): ITerminalProtocol {
  checkNames('', options, replDefaults);
  const resolved = { ...replDefaults, ...options };
  requireWhole('timeout', resolved.timeout, 1);
  if (typeof context !== 'object') throw new ConfigError('context', `must be an object, got ${typeof context}`);
  requireWhole('memory', resolved.memory, 16);
  const sessions = { none: LocalSession, process: ProcessSession };
  if (!Object.hasOwn(sessions, resolved.isolation))
    throw new ConfigError('isolation', `must be 'none' or 'process', got ${String(resolved.isolation)}`);
  let lines: LineEditor | undefined;
  const print = (text: string): void => lines?.print(sgrSpans(text));
  const session = new sessions[resolved.isolation](context, { ...resolved, print });
  const interrupt = { came: false };
  const onInterrupt = (): void => {
    interrupt.came = true;
    session.interrupt();
  };
  return lineProgram(
    editor => {
      lines = editor;
      return converse(editor, session, interrupt, resolved);
    },
    { ...resolved.editor, onInterrupt },
  );
}

/** Until the end of input, or of the connection. */
async function converse(
  lines: LineEditor,
  session: ReplSession,
  interrupt: { came: boolean },
  options: Required<ReplOptions>,
): Promise<void> {
  using _ended = session;
  lines.gone.addEventListener('abort', () => session[Symbol.dispose]());
  if (options.banner !== '') lines.print(options.banner);
  for (;;) {
    const source = await readProgram(lines, session, interrupt, options);
    if (source === undefined) return;
    if (interrupt.came)
      lines.print('interrupted'); // so close behind Enter that nothing runs yet
    else if (source.trim() !== '') await session.evaluate(source, lines.terminal.capabilities.colours > 0);
  }
}

/** The next program; undefined at the end of input. `interrupt` says whether control+C came behind its Enter. */
async function readProgram(
  lines: LineEditor,
  session: ReplSession,
  interrupt: { came: boolean },
  { prompt, continuation }: Required<ReplOptions>,
): Promise<string | undefined> {
  for (;;) {
    interrupt.came = false; // it was for the line before, run or dropped
    try {
      return await lines.read({
        prompt,
        continuation,
        multiline: true,
        isComplete: text => isWhole(text) || text.endsWith('\n'),
        highlight,
        complete: (text, cursor) => session.complete(text, cursor),
      });
    } catch (error) {
      if (error instanceof EndOfInputError) return undefined;
      if (!(error instanceof InterruptedError)) throw error;
    }
  }
}
