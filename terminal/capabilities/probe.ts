/**
 * One round trip that asks a terminal what it can do.
 *
 * All questions are sent at once, DA1 last: nearly every terminal answers that, and answers in order, so when it has
 * answered, what is still open never will be. Terminals that are known to print such questions are not asked at all.
 */
import * as out from '../output/index.ts';
import {
  colourAnswer,
  deviceAttributesAnswer,
  keyboardFlagsAnswer,
  modeAnswer,
  versionAnswer,
  type AnswerReader,
} from '../reports/answers.ts';
import { brightness, type ModeState, type Rgb } from '../reports/contracts.ts';
import type { Asked } from '../reports/questions.ts';
import type { Capabilities } from './capabilities.ts';
import { capabilitiesOfVersion } from './known-terminals.ts';

/** Ask one question; `request` is what to send. */
export type Ask = <T>(what: string, request: string, read: AnswerReader<T>) => Asked<T>;

/** Capabilities that are a private mode: a terminal that knows the mode has them. */
const modes = {
  synchronizedOutput: 'synchronizedOutput',
  bracketedPaste: 'bracketedPaste',
  focusReports: 'focusReports',
  mouse: 'mouseSgr',
  mousePixels: 'mouseSgrPixels',
  inBandResize: 'inBandResize',
} as const satisfies Partial<Record<keyof Capabilities, out.PrivateMode>>;
type ModeCapability = keyof typeof modes;
const modeCapabilities = Object.keys(modes).filter((name): name is ModeCapability => Object.hasOwn(modes, name));

/** `dumb`, terminals without names, and those before xterm: they would show the questions. */
const cannotBeAsked = /^(|dumb|unknown|vt52|vt1\d\d.*|ansi.*|cons25.*|emacs.*)$/;

const SIXEL = 4;

/** Guess first; then ask, and let what was answered count more. Never rejects: who does not answer is what was guessed. */
export async function probe(guess: Capabilities, ask: Ask): Promise<Capabilities> {
  if (cannotBeAsked.test(guess.term)) return guess;
  const asked: Asked<unknown>[] = [];
  const look = <T>(what: string, request: string, read: AnswerReader<T>): Promise<T | undefined> => {
    const question = ask(what, request, read);
    asked.push(question);
    return question.answer.catch(() => undefined);
  };
  const version = look('its name', out.requestVersion(), versionAnswer);
  const background = look('its background', out.requestBackground(), colourAnswer(11));
  const keyboard = look('its keyboard flags', out.requestKeyboardFlags(), keyboardFlagsAnswer);
  const states = modeCapabilities.map(async name => [name, await lookAtMode(look, modes[name])] as const);
  const attributes = await look('its attributes', out.requestDeviceAttributes(), deviceAttributesAnswer);
  for (const question of asked) question.withdraw();

  const name = (await version) ?? '';
  const flags = await keyboard;
  return {
    ...guess,
    ...capabilitiesOfVersion(name),
    ...modesKnown(await Promise.all(states)),
    version: name,
    answered: attributes !== undefined,
    kittyKeyboard: attributes === undefined ? guess.kittyKeyboard : flags !== undefined,
    sixel: attributes?.slice(1).includes(SIXEL) ?? guess.sixel,
    dark: isDark(await background) ?? guess.dark,
  };
}

type Look = <T>(what: string, request: string, read: AnswerReader<T>) => Promise<T | undefined>;

function lookAtMode(look: Look, mode: out.PrivateMode): Promise<ModeState | undefined> {
  const number = out.privateModeNumber(mode);
  return look(`private mode ${number}`, out.requestPrivateMode(mode), modeAnswer('?', number));
}

/** A terminal that answers about one mode knows how to answer about all. */
function modesKnown(answers: ReadonlyArray<readonly [ModeCapability, ModeState | undefined]>): Partial<Capabilities> {
  if (answers.every(([, state]) => state === undefined)) return {};
  const can = (state: ModeState | undefined): boolean =>
    state === 'set' || state === 'reset' || state === 'permanently-set';
  return Object.fromEntries(answers.map(([name, state]) => [name, can(state)]));
}

const MIDDLE_GREY = 128;
const isDark = (background: Rgb | undefined): boolean | undefined => background && brightness(background) < MIDDLE_GREY;
