/**
 * The person's clipboard: writing only. Reading it would hand the server what the person copied elsewhere.
 *
 * Source: xterm ctlseqs, OSC 52.
 */
import { osc } from './control.ts';

export type ClipboardSelection = 'clipboard' | 'primary';

/** Each selection's letter on the wire. */
export const clipboardSelections: Readonly<Record<ClipboardSelection, string>> = { clipboard: 'c', primary: 'p' };

/** The most that common terminals take: 100,000 bytes of the whole sequence (hterm's limit, which others copied). */
export const LARGEST_CLIPBOARD = 74_994;

/** `OSC 52 ; c ; base64 ST`. RangeError above 74,994 bytes of UTF-8. */
export function copyToClipboard(content: string, selection: ClipboardSelection = 'clipboard'): string {
  const bytes = Buffer.from(content, 'utf8');
  if (bytes.length > LARGEST_CLIPBOARD)
    throw new RangeError(`a clipboard takes ${LARGEST_CLIPBOARD} bytes, this has ${bytes.length}`);
  return osc(`52;${clipboardSelections[selection]};${bytes.toString('base64')}`);
}
