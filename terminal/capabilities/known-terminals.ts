/**
 * What is known of terminals by their names: what TERM and COLORTERM say, and what they call themselves (XTVERSION).
 *
 * A guess, kept short: what a terminal answers counts more. Sources: terminfo (ncurses 6.4); the terminals' own pages on
 * OSC 8 (https://github.com/Alhadis/OSC8-Adoption), true colour (https://github.com/termstandard/colors), underlines.
 */
import type { Capabilities, ColourDepth } from './capabilities.ts';

type Known = Partial<Omit<Capabilities, 'term' | 'version' | 'answered'>>;

const nothing: Omit<Capabilities, 'term'> = {
  version: '',
  answered: false,
  colours: 0,
  hyperlinks: false,
  kittyKeyboard: false,
  synchronizedOutput: false,
  bracketedPaste: false,
  focusReports: false,
  mouse: false,
  mousePixels: false,
  inBandResize: false,
  underlineStyles: false,
  cursorShape: false,
  alternateScreen: false,
  title: false,
  sixel: false,
  dark: undefined,
};

const windowed: Known = {
  bracketedPaste: true,
  focusReports: true,
  mouse: true,
  cursorShape: true,
  alternateScreen: true,
  title: true,
};
const modern: Known = { ...windowed, colours: 16_777_216, hyperlinks: true, underlineStyles: true };

/** Every row that fits counts, the later one more. */
const byTerm: ReadonlyArray<readonly [term: RegExp, known: Known]> = [
  [/^(ansi|cons25|linux|cygwin|pcansi)/, { colours: 8 }],
  [/^linux/, { bracketedPaste: true, cursorShape: true, dark: true }],
  [/^(xterm|rxvt|screen|tmux|putty|konsole|gnome|vte|iterm|mintty|st|eterm|mlterm)/i, { ...windowed, colours: 8 }],
  [/-16color/, { colours: 16 }],
  [/-256color/, { colours: 256 }],
  [/-(direct|truecolor)/, { colours: 16_777_216 }],
  [/^(xterm-)?(kitty|ghostty)|^(alacritty|foot|wezterm|contour|rio)/, modern],
];

const byVersion: ReadonlyArray<readonly [version: RegExp, known: Known]> = [
  [/^XTerm\(/, { colours: 16_777_216 }],
  [/^tmux /, { colours: 16_777_216, underlineStyles: true }],
  [
    /^(kitty|foot|WezTerm|iTerm2|ghostty|contour|mintty|VTE|Konsole|Alacritty|Rio|Windows Terminal|xterm\.js)\b/i,
    modern,
  ],
];

const fits = (table: ReadonlyArray<readonly [RegExp, Known]>, name: string): Known =>
  table.reduce<Known>((sum, [pattern, known]) => (pattern.test(name) ? { ...sum, ...known } : sum), {});

/** By TERM and COLORTERM only. An unknown TERM can do nothing. */
export function guessCapabilities(term: string, colorterm: string): Capabilities {
  const known = { ...nothing, ...fits(byTerm, term) };
  return { ...known, term, colours: withColorterm(known.colours, colorterm) };
}

/** What a terminal that calls itself `version` can do besides. */
export const capabilitiesOfVersion = (version: string): Known => fits(byVersion, version);

/** A terminal without colours does not get them by a variable that was passed on from elsewhere. */
const withColorterm = (colours: ColourDepth, colorterm: string): ColourDepth =>
  colours > 0 && /^(truecolor|24bit)$/i.test(colorterm) ? 16_777_216 : colours;
