/**
 * Control characters as keys: what the byte was before the Control key took its upper bits away.
 *
 * A terminal without the kitty protocol cannot tell Tab from control+i, Enter from control+m, Escape from control+[. LF is
 * control+j: terminals send CR for Enter. DEL is Backspace; BS is control+h, which some terminals send for Backspace, and
 * which line editors have always taken as such. Source: ECMA-48 5th ed. §5.2; xterm ctlseqs.
 */
import { keystroke, type Keystroke } from '../../keystroke.ts';

/** Bytes that are a key of their own. */
const named: Readonly<Record<number, string>> = { 0x09: 'tab', 0x0d: 'enter', 0x1b: 'escape', 0x7f: 'backspace' };

const keyOf = (byte: number): Keystroke => {
  const name = named[byte];
  if (name !== undefined) return keystroke(name);
  if (byte === 0) return keystroke('space', { control: true });
  return keystroke(String.fromCharCode(byte + 0x40).toLowerCase(), { control: true });
};

/** By byte: C0 and DEL. */
export const controlKeys: ReadonlyMap<number, Keystroke> = new Map(
  [...Array(0x20).keys(), 0x7f].map(byte => [byte, Object.freeze(keyOf(byte))]),
);
