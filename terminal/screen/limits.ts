/**
 * Bounds on what a program can make an emulator remember, where the emulator has none of its own.
 *
 * A screen is bounded by its size. Marks on a character, links, titles and answers that nobody takes are bounded here; a
 * control string that is still coming in is bounded by the emulator, at 10 MB.
 */

/** Combining marks of one place; Unicode's own normal forms need at most 30 (UAX #15, Stream-Safe Text Format). */
const mostMarks = 30;
const mostLinks = 5_000;
const longestUri = 2_083;
const longestTitle = 255;
/** In UTF-16 units; answers are ASCII. */
export const mostReplyLength = 65_536;

/** The widths of an emulator's Unicode version: a number with the state, twice the width, and whether to join. */
interface UnicodeProvider {
  readonly version: string;
  wcwidth(codepoint: number): 0 | 1 | 2;
  charProperties(codepoint: number, preceding: number): number;
}

const joins = (properties: number): boolean => (properties & 1) !== 0;
const marksBefore = (properties: number): number => properties >> 3;

/** `provider`, but that a mark past the most of them gets a place of its own. */
export function withFewMarks(provider: UnicodeProvider): UnicodeProvider {
  return {
    version: `${provider.version}-bounded`,
    wcwidth: codepoint => provider.wcwidth(codepoint),
    charProperties: (codepoint, preceding) => {
      const properties = provider.charProperties(codepoint, preceding & 7);
      if (!joins(properties)) return properties;
      const marks = marksBefore(preceding) + 1;
      return marks > mostMarks ? aPlaceOfItsOwn : (marks << 3) | (properties & 7);
    },
  };
}

const aPlaceOfItsOwn = 1 << 1;

interface OscParser {
  registerOscHandler(number: number, handle: (data: string) => boolean): unknown;
}

/** Take from a program no more links, nor longer ones, nor longer titles, than there may be. */
export function refuseTooMuch(parser: OscParser, links: () => number): void {
  const isLinkRefused = (data: string): boolean =>
    !data.endsWith(';') && (links() >= mostLinks || data.length > longestUri + longestTitle);
  parser.registerOscHandler(8, isLinkRefused);
  for (const title of [0, 1, 2]) parser.registerOscHandler(title, data => data.length > longestTitle);
}
