/**
 * Completion while a line is edited: asking the provider, inserting, listing, going through the list.
 *
 * The first time, what all candidates have in common is inserted; when there is nothing more of that, they are listed; from
 * then on each time chooses the next one. Any other key ends it. An answer that comes after the text has changed is dropped.
 */
import type { Candidate, Completer, Completions } from './completion.ts';
import { candidateOf, commonPrefix, listOf } from './completion.ts';
import { bell, lineText, type EditState } from './edit-state.ts';
import { insert, replace } from './edits.ts';
import { placeOfUnits, textOf, unitsBefore } from './line-buffer.ts';
import type { StyledText } from './styled-text.ts';

interface Listed {
  readonly candidates: readonly Candidate[];
  readonly suffix: string;
  /** The place that they begin at, in graphemes. */
  readonly start: number;
  readonly chosen: number;
}

/** Which of its keys was pressed. */
export type CompletionKey = 'complete' | 'complete-backwards' | 'list-candidates' | 'insert-candidates';

export class CompletionSession {
  #asking: AbortController | undefined;
  #listed: Listed | undefined;

  /** Lines to show below the text. */
  list(columns: number, maxRows: number): StyledText[] {
    const { candidates, chosen } = this.#listed ?? {};
    return candidates ? listOf(candidates, columns, maxRows, chosen) : [];
  }

  /** Another key was pressed. */
  stop(): void {
    this.#asking?.abort();
    this.#asking = undefined;
    this.#listed = undefined;
  }

  /** The next state, now or when the provider has answered; undefined if that came too late. */
  press(state: EditState, key: CompletionKey, complete: Completer): EditState | Promise<EditState | undefined> {
    if (this.#listed && key !== 'insert-candidates') return this.#choose(state, this.#listed, key);
    this.stop();
    const asking = (this.#asking = new AbortController());
    try {
      const answer = complete(lineText(state), unitsBefore(state.buffer), asking.signal);
      if (!(answer instanceof Promise)) return this.#answered(state, key, answer);
      return answer.then(
        completions => (asking.signal.aborted ? undefined : this.#answered(state, key, completions)),
        () => (asking.signal.aborted ? undefined : bell(state)),
      );
    } catch {
      return bell(state);
    }
  }

  #answered(state: EditState, key: CompletionKey, completions: Completions): EditState {
    const { from, suffix = '' } = completions;
    const candidates = completions.candidates.map(candidateOf);
    const { cursor } = state.buffer;
    const start = Math.min(cursor, placeOfUnits(state.buffer, from));
    const [only] = candidates;
    if (!only) return bell(state);
    if (key === 'insert-candidates')
      return insert(replace(state, start, cursor, candidates.map(({ text }) => text).join(' ')), ' ');
    if (candidates.length === 1 && key !== 'list-candidates') return replace(state, start, cursor, only.text + suffix);
    const typed = textOf(state.buffer, start, cursor);
    const prefix = commonPrefix(candidates);
    if (key !== 'list-candidates' && prefix.length > typed.length) return replace(state, start, cursor, prefix);
    this.#listed = { candidates, suffix, start, chosen: -1 };
    return state;
  }

  #choose(state: EditState, listed: Listed, key: CompletionKey): EditState {
    const { candidates, start, chosen } = listed;
    const { length } = candidates;
    const next = key === 'complete-backwards' ? (Math.max(chosen, 0) + length - 1) % length : (chosen + 1) % length;
    this.#listed = { ...listed, chosen: next };
    return replace(state, start, state.buffer.cursor, candidates[next]?.text ?? '');
  }
}
