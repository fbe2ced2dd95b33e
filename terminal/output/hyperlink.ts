/**
 * Hyperlinks on text. What is no URI, or one that could end the sequence, is refused.
 *
 * Source: https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda (OSC 8), which sets the limits too.
 */
import { osc } from './control.ts';

const LONGEST_URI = 2_083;
const LONGEST_ID = 250;

/** Schemes that no terminal should be asked to open by a click. */
const REFUSED = /^(javascript|data|vbscript):/i;

/**
 * Link what is written from here on to `uri`, until `endHyperlink`. `OSC 8 ; id=… ; URI ST`.
 * Characters beyond printable ASCII are percent-encoded. RangeError when it has no scheme, one that runs code, or is
 * longer than 2,083 bytes.
 */
export function startHyperlink(uri: string, id?: string): string {
  const encoded = uri.replace(/[^\x21-\x7e]+/g, percentEncoded);
  if (!/^[a-z][a-z0-9+.-]*:/i.test(encoded) || REFUSED.test(encoded))
    throw new RangeError('not a URI that may be linked');
  if (encoded.length > LONGEST_URI)
    throw new RangeError(`a linked URI may have ${LONGEST_URI} bytes, this has ${encoded.length}`);
  const parameters = id === undefined ? '' : `id=${id.replace(/[^\x21-\x39\x3c-\x7e]/g, '').slice(0, LONGEST_ID)}`;
  return osc(`8;${parameters};${encoded}`);
}

/** What is written from here on is no link. `OSC 8 ; ; ST`. */
export const endHyperlink = (): string => osc('8;;');

/** As UTF-8, RFC 3986 §2.1; a lone surrogate becomes U+FFFD. */
const percentEncoded = (characters: string): string =>
  Buffer.from(characters, 'utf8').toString('hex').toUpperCase().replace(/../g, '%$&');
