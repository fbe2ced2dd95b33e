/**
 * Writes docs/keys.md from the tables of terminal/input/keys/: every name of a key, and the bytes that are it.
 *
 * What stands on the page was asked of the decoder too: a sequence is on the page only as the key that it really gives.
 */
import { InputDecoder } from '../../terminal/input/input-decoder.ts';
import { controlKeys } from '../../terminal/input/keys/control-keys.ts';
import * as functionKeys from '../../terminal/input/keys/function-keys.ts';
import { kittyKeys } from '../../terminal/input/keys/kitty-keys.ts';
import { keystrokeName } from '../../terminal/keystroke.ts';

const CSI = '\x1b[';
const SS3 = '\x1bO';

/** Every sequence in the tables, in their order. */
const sequences: readonly string[] = [
  ...[...controlKeys.keys()].map(byte => String.fromCharCode(byte)),
  ...Object.keys(functionKeys.letterKeys).flatMap(final => [`${CSI}${final}`, `${SS3}${final}`]),
  `${CSI}Z`,
  ...Object.keys(functionKeys.tildeKeys).map(number => `${CSI}${number}~`),
  ...Object.keys(functionKeys.linuxKeys).map(final => `${CSI}[${final}`),
  ...Object.keys(functionKeys.rxvtArrows).flatMap(final => [`${CSI}${final}`, `${SS3}${final}`]),
  ...Object.keys(functionKeys.rxvtSuffixes).map(suffix => `${CSI}3${suffix}`),
  ...Object.keys(functionKeys.keypadKeys).map(final => `${SS3}${final}`),
  ...[...kittyKeys.keys()].map(number => `${CSI}${number}u`),
];

function keyOf(sequence: string): string {
  const heard: string[] = [];
  const nothing = (): void => undefined;
  const decoder = new InputDecoder({
    keystroke: stroke => heard.push(keystrokeName(stroke)),
    paste: nothing,
    mouse: nothing,
    focus: nothing,
    isClaiming: false,
    claims: () => false,
    unhandled: () => heard.push('nothing'),
  });
  decoder.feed(Buffer.from(sequence));
  decoder.flush();
  return heard.join(' ');
}

const spelled = (sequence: string): string =>
  sequence
    .replace(/^\x1b\[/, 'CSI ')
    .replace(/^\x1bO/, 'SS3 ')
    .replace(/[\x00-\x1f\x7f]/g, byte => `0x${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
    .replace(/(?<=^SS3 ) $/, 'SP')
    .replaceAll('|', '\\|');

export function writeKeysPage(): string {
  const byKey = new Map<string, string[]>();
  for (const each of sequences) byKey.set(keyOf(each), [...(byKey.get(keyOf(each)) ?? []), each]);
  const rows = [...byKey].map(
    ([key, all]) => `| \`${key.replace('`', '`` ` ``')}\` | ${all.map(each => `\`${spelled(each)}\``).join(', ')} |`,
  );
  return `${introduction}\n| key | bytes |\n| --- | --- |\n${rows.join('\n')}\n`;
}

const introduction = `# Keys

Names of keys, as a \`Keystroke\` has them, and the bytes that terminals send for them. The table is written from the tables in \`terminal/input/keys/\`; \`CSI\` is ESC \`[\`, \`SS3\` is ESC \`O\`. A character is a key of its own name, whatever it is: \`a\`, \`é\`, \`日\`; only the space has a name, \`space\`.

A combining mark is a keystroke of its own, and so is each part of an emoji that is made of several: waiting for the next one would hold up every key. Bytes that are not UTF-8 are the key U+FFFD.

**Modifiers.** A letter behind \`1 ; m\` and a number before \`; m\` have modifiers: \`CSI 1 ; 5 A\` is control+up, \`CSI 3 ; 2 ~\` is shift+delete. The number m is 1 + 1 shift + 2 alt + 4 control + 8 super, and with the kitty protocol + 16 hyper + 32 meta + 64 caps lock + 128 num lock. \`CSI m A\`, \`CSI > 1 ; m A\` and \`SS3 m A\` are other forms of the same (xterm, modifyCursorKeys). ESC before a key or a sequence is alt. iTerm2 sends its Option key with arrows and function keys as 8, which reads as super, until its profile treats Option as Alt for special keys. \`CSI 27 ; m ; code ~\` (xterm, modifyOtherKeys) and \`CSI code ; m u\` are the character with that code.

**Kitty protocol.** \`CSI code : shifted : base ; m : event ; text u\`; event 2 is a repeat, 3 a release, and so in \`CSI 1 ; m : 3 A\` and \`CSI 3 ; m : 3 ~\`. Programs ask for it by \`pushKeyboardFlags\`.

**What cannot be told.** Without the kitty protocol, Tab is control+i, Enter is control+m, Escape is control+[, and shift is not told for characters: \`A\` is the key \`A\`. F13 to F24 mostly come as shift+F1 to shift+F12. A lone ESC is Escape once nothing has followed for a while; so is ESC \`[\` alt+[, and ESC \`O\`, \`P\`, \`X\`, \`]\`, \`^\` and \`_\` alt and that character. \`CSI 1 ; m R\` is F3 with modifiers and also a report of the cursor in the first row: it is the report while one is awaited.

**Other input.** \`CSI 200 ~\` to \`CSI 201 ~\` is a paste, as one event. \`CSI I\` and \`CSI O\` are focus. \`CSI < b ; x ; y M\` or \`m\`, and \`CSI M\` with three bytes, are the mouse. Everything else is an unhandled control sequence, whole.
`;
