/**
 * All options of one connection: what is on at which side, who waits for an answer, and what is agreed to.
 *
 * What is not in the lists is refused, unless we ask for it ourselves. An echo of an echo is refused, too (RFC 857). It
 * refuses to wait for ever: a question without an answer counts as refused after `answerTime`; should the answer still
 * come, it counts as what it is.
 */
import type { CloseReason } from '../close-reason.ts';
import { ConnectionLostError, LocalMisuseError } from '../errors.ts';
import { TelnetOption, Verb } from './codes.ts';
import type { TelnetSide } from './contracts.ts';
import { isAsking, optionStep, type OptionInput, type OptionState } from './option-state.ts';

export interface NegotiationSettings {
  readonly local: ReadonlySet<number>;
  readonly remote: ReadonlySet<number>;
  /** Milliseconds; 0 for ever. */
  readonly answerTime: number;
}

export interface NegotiationListener {
  /** Say it to the peer. */
  sendVerb(verb: Verb, option: number): void;
  optionChanged(side: TelnetSide, option: number, enabled: boolean): void;
  /** Nobody waits for an answer about this option any more, whatever it was. */
  optionSettled(side: TelnetSide, option: number): void;
}

/** What each word says. */
const heard: Readonly<Record<Verb, readonly [TelnetSide, 'hear-on' | 'hear-off']>> = {
  [Verb.WILL]: ['remote', 'hear-on'],
  [Verb.WONT]: ['remote', 'hear-off'],
  [Verb.DO]: ['local', 'hear-on'],
  [Verb.DONT]: ['local', 'hear-off'],
};
const said = {
  local: { on: Verb.WILL, off: Verb.WONT },
  remote: { on: Verb.DO, off: Verb.DONT },
} as const;

/** What was asked to stop is on until that is acknowledged. */
const isOn = (state: OptionState): boolean => state === 'on' || state === 'asked-off' || state === 'asked-off-then-on';

interface Asker {
  readonly resolve: (enabled: boolean) => void;
  readonly reject: (error: Error) => void;
}

/** One side of one option. */
interface Entry {
  readonly side: TelnetSide;
  readonly option: number;
  state: OptionState;
  askers: Asker[];
  /** We have asked, and still hope for an answer. */
  waiting: boolean;
  timer?: NodeJS.Timeout;
}

export class Negotiation {
  readonly #settings: NegotiationSettings;
  readonly #listener: NegotiationListener;
  readonly #entries = { local: new Map<number, Entry>(), remote: new Map<number, Entry>() };
  #lost: CloseReason | undefined;

  constructor(settings: NegotiationSettings, listener: NegotiationListener) {
    this.#settings = settings;
    this.#listener = listener;
  }

  isEnabled(side: TelnetSide, option: number): boolean {
    const entry = this.#entries[side].get(option);
    return entry !== undefined && isOn(entry.state);
  }

  /** Whether we have asked, and still hope for an answer. */
  isWaiting(side: TelnetSide, option: number): boolean {
    return this.#entries[side].get(option)?.waiting ?? false;
  }

  /** Ask for a state; see ITelnetTransport. */
  ask(side: TelnetSide, option: number, want: 'want-on' | 'want-off'): Promise<boolean> {
    const answer = new Promise<boolean>((resolve, reject) => {
      if (!isOption(option)) throw new LocalMisuseError(`an option is a number from 0 to 255, got ${option}`);
      if (this.#lost) throw new ConnectionLostError(this.#lost);
      const entry = this.#entry(side, option);
      entry.askers.push({ resolve, reject });
      this.#take(entry, want);
    });
    answer.catch(() => undefined); // whoever does not look at it is told of the end by connectionLost
    return answer;
  }

  /** The peer has said `verb`. */
  verbReceived(verb: Verb, option: number): void {
    const [side, input] = heard[verb];
    const entry = this.#entry(side, option);
    this.#take(entry, input === 'hear-on' && !this.#agrees(side, option) ? 'refuse-on' : input);
  }

  /** The connection has ended: so has everybody's waiting. */
  connectionLost(reason: CloseReason): void {
    this.#lost = reason;
    for (const entries of Object.values(this.#entries)) {
      for (const entry of entries.values()) {
        clearTimeout(entry.timer);
        for (const { reject } of entry.askers.splice(0)) reject(new ConnectionLostError(reason));
      }
    }
  }

  #take(entry: Entry, input: OptionInput): void {
    const { side, option, state } = entry;
    const wasOn = isOn(state);
    const { next, send } = optionStep(state, input);
    entry.state = next;
    if (isAsking(next) && (send || !entry.waiting)) this.#startWaiting(entry);
    if (send) this.#listener.sendVerb(said[side][send], option);
    if (!isAsking(next)) this.#settle(entry);
    if (isOn(next) !== wasOn) this.#listener.optionChanged(side, option, !wasOn); // last: it may ask for more
  }

  #startWaiting(entry: Entry): void {
    clearTimeout(entry.timer);
    entry.waiting = true;
    const { answerTime } = this.#settings;
    if (answerTime > 0) entry.timer = setTimeout(() => this.#settle(entry), answerTime).unref();
  }

  #settle(entry: Entry): void {
    const { side, option, state } = entry;
    clearTimeout(entry.timer);
    entry.waiting = false;
    for (const { resolve } of entry.askers.splice(0)) resolve(isOn(state));
    this.#listener.optionSettled(side, option);
  }

  #agrees(side: TelnetSide, option: number): boolean {
    const other = this.#entries[side === 'local' ? 'remote' : 'local'].get(option);
    const wouldLoop = option === TelnetOption.ECHO && other !== undefined && other.state !== 'off';
    return this.#settings[side].has(option) && !wouldLoop;
  }

  #entry(side: TelnetSide, option: number): Entry {
    const entries = this.#entries[side];
    const entry = entries.get(option) ?? { side, option, state: 'off', askers: [], waiting: false };
    entries.set(option, entry);
    return entry;
  }
}

export const isOption = (option: number): boolean => Number.isInteger(option) && option >= 0 && option <= 255;
