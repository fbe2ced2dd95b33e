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
 * Characters beyond printable ASCII are percent-encoded. RangeError unless it is linkable.
 */
export function startHyperlink(uri: string, id?: string): string {
  const encoded = encodedUri(uri);
  if (!isLinkable(encoded)) throw new RangeError('not a URI that may be linked');
  const parameters = id === undefined ? '' : `id=${id.replace(/[^\x21-\x39\x3c-\x7e]/g, '').slice(0, LONGEST_ID)}`;
  return osc(`8;${parameters};${encoded}`);
}

/** Whether `uri` may be linked: it has a scheme, none that runs code, and at most 2,083 bytes once it is encoded. */
export const isLinkable = (uri: string): boolean =>
  /^[a-z][a-z0-9+.-]*:/i.test(uri) && !REFUSED.test(uri) && encodedUri(uri).length <= LONGEST_URI;

const encodedUri = (uri: string): string => uri.replace(/[^\x21-\x7e]+/g, percentEncoded);

/** What is written from here on is no link. `OSC 8 ; ; ST`. */
export const endHyperlink = (): string => osc('8;;');

/** As UTF-8, RFC 3986 §2.1; a lone surrogate becomes U+FFFD. */
const percentEncoded = (characters: string): string =>
  Buffer.from(characters, 'utf8').toString('hex').toUpperCase().replace(/../g, '%$&');
