/**
 * From one style to another in as few bytes as there are: only what is different, or everything anew.
 *
 * It trusts that the terminal has the first style now. Source: ECMA-48 5th ed. §8.3.117; 22 ends bold and dim alike.
 */
import { colourParameters } from './colour.ts';
import { csi } from './control.ts';
import { everything, underlineParameters, type Style, type StyleAbilities } from './style.ts';

type Parameter = number | string;
type Name = keyof Style;

/** What one parameter takes back, and what sets it. */
interface Kind {
  readonly names: readonly Name[];
  readonly off: number;
  readonly parameters: (style: Style, abilities: StyleAbilities) => readonly Parameter[];
}

const flag = (name: Name, on: number, off: number): Kind => ({
  names: [name],
  off,
  parameters: style => (style[name] ? [on] : []),
});

const colour = (name: 'foreground' | 'background' | 'underlineColour', base: 30 | 40 | 50): Kind => ({
  names: [name],
  off: base + 9,
  parameters: ({ [name]: value }, { colours, underlineStyles }) =>
    value === undefined || value === 'default' || (base === 50 && !underlineStyles)
      ? []
      : colourParameters(value, base, colours),
});

const kinds: readonly Kind[] = [
  {
    names: ['bold', 'dim'],
    off: 22,
    parameters: ({ bold, dim }) => [...(bold ? [1] : []), ...(dim ? [2] : [])],
  },
  flag('italic', 3, 23),
  {
    names: ['underline'],
    off: 24,
    parameters: ({ underline }, { underlineStyles }) => underlineParameters(underline, underlineStyles),
  },
  flag('blink', 5, 25),
  flag('inverse', 7, 27),
  flag('hidden', 8, 28),
  flag('strikethrough', 9, 29),
  flag('overline', 53, 55),
  colour('foreground', 30),
  colour('background', 40),
  colour('underlineColour', 50),
];

/** What makes text look like `to` that looks like `from` now; '' if the terminal shows no difference. */
export function changeStyle(from: Style, to: Style, abilities: StyleAbilities = everything): string {
  if (from === to) return '';
  let takesBack = false;
  const changes: Parameter[] = [];
  for (const { names, off, parameters } of kinds) {
    if (names.every(name => from[name] === to[name])) continue;
    const [before, after] = [parameters(from, abilities), parameters(to, abilities)];
    const lost = before.some(parameter => !after.includes(parameter)) && (names.length > 1 || after.length === 0);
    takesBack ||= lost;
    changes.push(
      ...(lost ? [off, ...after] : before.join() === after.join() ? [] : added(before, after, names.length)),
    );
  }
  if (changes.length === 0) return '';
  const least = changes.join(';');
  const anew = takesBack ? entire(to, abilities) : least;
  return csi(`${anew.length < least.length ? anew : least}m`);
}

/** A colour has several parameters, and is said whole; of bold and dim, one may be there already. */
const added = (before: readonly Parameter[], after: readonly Parameter[], names: number): readonly Parameter[] =>
  names === 1 ? after : after.filter(parameter => !before.includes(parameter));

function entire(style: Style, abilities: StyleAbilities): string {
  const all = kinds.flatMap(({ parameters }) => parameters(style, abilities));
  return all.length === 0 ? '' : `0;${all.join(';')}`;
}
