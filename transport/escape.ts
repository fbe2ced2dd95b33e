/**
 * Text that somebody else wrote, made safe to print: nothing in it can move a cursor, hide text or start a line.
 *
 * Escaped: C0, DEL and C1 controls (ECMA-48), line and paragraph separators, the marks that reorder text (Unicode TR 36,
 * "Trojan Source" CVE-2021-42574) or print nothing, and half surrogates. Everything else is left as it is.
 */
const unsafe = new RegExp(
  '[\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb]' +
    '|\\p{Surrogate}|[\\u{e0000}-\\u{e007f}]',
  'gu',
);

/** For a terminal: `ESC` becomes `\u001b`, and a backslash of the text's own `\\`, so that nothing can be faked. */
export const escapeText = (text: string): string => text.replaceAll('\\', '\\\\').replace(unsafe, asJson);

/** For a line of JSON: the same characters in JSON's own notation, so that a reader gets the text back unchanged. */
export const escapeJsonLine = (json: string): string => json.replace(unsafe, asJson);

/** As JSON writes it: `\uXXXX` for each UTF-16 unit. */
const asJson = (character: string): string =>
  character.replace(/[\s\S]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
