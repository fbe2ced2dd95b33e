/**
 * Names of keys as people write them: `ctrl-c`, `control+c`, `alt+shift+up`, `A`, `+`.
 *
 * The keys are those of docs/keys.md; a character is a key of its own.
 */
import { keystroke, type Keystroke } from '../keystroke.ts';

const modifiers = {
  ctrl: 'control',
  control: 'control',
  alt: 'alt',
  option: 'alt',
  shift: 'shift',
  super: 'super',
  cmd: 'super',
} as const;
type Held = keyof typeof modifiers;

const isHeld = (word: string): word is Held => Object.hasOwn(modifiers, word);

/** Other words for keys. */
const aliases: Readonly<Record<string, string>> = {
  esc: 'escape',
  return: 'enter',
  del: 'delete',
  ins: 'insert',
  pageup: 'pageUp',
  pagedown: 'pageDown',
  ' ': 'space',
};

/** A keystroke from its name. Whether there is such a key, its bytes will tell. */
export function keyNamed(name: string): Keystroke {
  const [, word = '', rest = ''] = /^([a-z]+)[+-](.+)$/is.exec(name) ?? [];
  const held = word.toLowerCase();
  if (isHeld(held)) return { ...keyNamed(rest), [modifiers[held]]: true };
  return keystroke(aliases[name.toLowerCase()] ?? name);
}
