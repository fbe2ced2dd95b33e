/**
 * The person's clipboard: writing only. Reading it would hand the server what the person copied elsewhere.
 *
 * Source: xterm ctlseqs, OSC 52.
 */
import { osc } from './control.ts';

export type ClipboardSelection = 'clipboard' | 'primary';

const letters: Readonly<Record<ClipboardSelection, string>> = { clipboard: 'c', primary: 'p' };

/** The most that common terminals take: 100,000 bytes of the whole sequence (hterm's limit, which others copied). */
const LARGEST = 74_994;

/** `OSC 52 ; c ; base64 ST`. RangeError above 74,994 bytes of UTF-8. */
export function copyToClipboard(content: string, selection: ClipboardSelection = 'clipboard'): string {
  const bytes = Buffer.from(content, 'utf8');
  if (bytes.length > LARGEST) throw new RangeError(`a clipboard takes ${LARGEST} bytes, this has ${bytes.length}`);
  return osc(`52;${letters[selection]};${bytes.toString('base64')}`);
}
