/**
 * The lines that were submitted, oldest first, and the rules for which of them are kept.
 *
 * Empty lines never are. Where they are kept beyond the program's life is history-file.ts's business.
 */
import { ConfigError } from '../../transport/errors.ts';
import { checkNames, requireWhole } from '../option-checks.ts';

export interface HistoryRules {
  /** Lines that are kept; the oldest go first. @default 1_000 */
  readonly maxLines?: number;
  /**
   * What happens to a line that is there already: it is kept, or left out if it is the last one, or takes the place of
   * the earlier one. @default 'skip-repeated'
   */
  readonly duplicates?: 'keep' | 'skip-repeated' | 'erase-earlier';
  /** Leave out lines that begin with a space, as one types for secrets. @default true */
  readonly ignoreSpace?: boolean;
  /** Lines that match any of these are left out. @default none */
  readonly ignore?: readonly RegExp[];
}

export const historyDefaults = Object.freeze({
  maxLines: 1_000,
  duplicates: 'skip-repeated',
  ignoreSpace: true,
  ignore: Object.freeze([]),
}) satisfies Required<HistoryRules>;

/** `lines` with one more, by the rules. Pure. */
export function remember(lines: readonly string[], line: string, rules: Required<HistoryRules>): readonly string[] {
  const { maxLines, duplicates, ignoreSpace, ignore } = rules;
  const isIgnored = line === '' || (ignoreSpace && line.startsWith(' ')) || ignore.some(rule => line.search(rule) >= 0);
  if (isIgnored || (duplicates !== 'keep' && lines.at(-1) === line)) return lines;
  const others = duplicates === 'erase-earlier' ? lines.filter(other => other !== line) : lines;
  return maxLines === 0 ? [] : [...others, line].slice(-maxLines);
}

export class LineHistory {
  readonly #rules: Required<HistoryRules>;
  readonly #kept: (line: string) => void;
  #lines: readonly string[];

  /** `kept` is told of each line that is added. Throws ConfigError. */
  constructor(rules: HistoryRules = {}, lines: readonly string[] = [], kept: (line: string) => void = () => undefined) {
    this.#rules = resolveHistoryRules(rules);
    this.#kept = kept;
    this.#lines = this.#rules.maxLines === 0 ? [] : lines.slice(-this.#rules.maxLines);
  }

  /** Oldest first. A new array for each change. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Add a line by the rules. */
  add(line: string): void {
    const before = this.#lines;
    this.#lines = remember(before, line, this.#rules);
    if (this.#lines !== before) this.#kept(line);
  }
}

export function resolveHistoryRules(rules: HistoryRules): Required<HistoryRules> {
  checkNames('history', rules, historyDefaults);
  const resolved = { ...historyDefaults, ...rules };
  requireWhole('history.maxLines', resolved.maxLines, 0);
  if (!['keep', 'skip-repeated', 'erase-earlier'].includes(resolved.duplicates))
    throw new ConfigError(
      'history.duplicates',
      `must be keep, skip-repeated or erase-earlier, got ${resolved.duplicates}`,
    );
  return Object.freeze(resolved);
}
