/** Options of the line editor: their meaning, units and defaults. The only file that knows a default of them. */
import { ConfigError } from '../../transport/errors.ts';
import { checkNames, requireWhole } from '../option-checks.ts';
import { isActionName } from './actions/index.ts';
import type { Completer } from './completion.ts';
import type { EditingMode } from './edit-state.ts';
import { LineHistory } from './history.ts';
import type { KeyMap } from './key-maps.ts';
import type { Span, StyledText } from './styled-text.ts';

/** What may differ from one line to the next. */
export interface LineOptions {
  /** Stands before the line. @default '' */
  readonly prompt?: StyledText;
  /** Stands before each further line of the text. @default '' */
  readonly continuation?: StyledText;
  /** Show nothing of what is typed, or this instead of each character; and remember nothing. @default false */
  readonly hidden?: boolean | string;
  /** Whether the text may have several lines; where not, pasted line ends become spaces. @default false */
  readonly multiline?: boolean;
  /** Whether Enter submits this text; where not, it begins another line. @default always */
  readonly isComplete?: (text: string) => boolean;
  /** Whether the line is put into the history. @default true */
  readonly remember?: boolean;
  /** @default none */
  readonly complete?: Completer | undefined;
  /** The text in its colours: spans whose texts together are the text. @default plain */
  readonly highlight?: (text: string) => readonly Span[];
  /** What stands dim behind the text while the cursor is at its end; Right at the end takes it over. @default none */
  readonly hint?: (text: string) => string;
}

export interface LineEditorOptions extends LineOptions {
  /** @default 'emacs' */
  readonly mode?: 'emacs' | 'vi';
  /** Keys beside those of the mode: names as in `keystrokeName`, several with spaces between. @default none */
  readonly bindings?: Partial<Record<EditingMode, KeyMap>>;
  /** @default one of its own, in memory */
  readonly history?: LineHistory;
  /** UTF-16 units that a text may have; more is refused with a bell. @default 16_384 */
  readonly maxLength?: number;
  /** Keystrokes, and UTF-16 units of pastes, kept while no line is read; more are dropped with a bell. @default 65_536 */
  readonly maxTypeahead?: number;
  /** Whether a line end inside a paste submits, as if it had been typed. @default false */
  readonly pasteSubmits?: boolean;
  /** Rows that a list of candidates may take. @default 10 */
  readonly maxListRows?: number;
  /** Control+C while no line is read. @default it waits, and interrupts the next line */
  readonly onInterrupt?: (() => void) | undefined;
}

export type ResolvedLineOptions = Required<LineOptions>;
export type ResolvedLineEditorOptions = Required<LineEditorOptions>;

const lineDefaults = Object.freeze({
  prompt: '',
  continuation: '',
  hidden: false,
  multiline: false,
  isComplete: () => true,
  remember: true,
  complete: undefined,
  highlight: text => [{ text }],
  hint: () => '',
}) satisfies ResolvedLineOptions;

export const lineEditorDefaults = Object.freeze({
  ...lineDefaults,
  mode: 'emacs',
  bindings: Object.freeze({}),
  maxLength: 16_384,
  maxTypeahead: 65_536,
  pasteSubmits: false,
  maxListRows: 10,
  onInterrupt: undefined,
}) satisfies Omit<ResolvedLineEditorOptions, 'history'>;

/** Fill in defaults and check; throws ConfigError. */
export function resolveLineEditorOptions(options: LineEditorOptions): ResolvedLineEditorOptions {
  checkNames('', options, { ...lineEditorDefaults, history: undefined });
  const resolved = { ...lineEditorDefaults, history: options.history ?? new LineHistory(), ...options };
  if (resolved.mode !== 'emacs' && resolved.mode !== 'vi')
    throw new ConfigError('mode', `must be emacs or vi, got ${String(resolved.mode)}`);
  for (const name of ['maxLength', 'maxTypeahead', 'maxListRows'] as const) requireWhole(name, resolved[name], 1);
  checkBindings(resolved.bindings);
  return Object.freeze(resolved);
}

/** The options of one line, over those of the editor. */
export function resolveLineOptions(editor: ResolvedLineEditorOptions, options: LineOptions): ResolvedLineOptions {
  checkNames('', options, lineDefaults);
  return { ...editor, ...options };
}

function checkBindings(bindings: Partial<Record<EditingMode, KeyMap>>): void {
  checkNames('bindings', bindings, { emacs: 1, 'vi-insert': 1, 'vi-command': 1 });
  for (const map of [bindings.emacs, bindings['vi-insert'], bindings['vi-command']]) {
    const wrong = Object.entries(map ?? {}).find(([, action]) => !isActionName(action));
    if (wrong) throw new ConfigError('bindings', `${wrong[0]} is bound to ${wrong[1]}, and there is no such action`);
  }
}
