/** Where formatted text looks different from Twisted's on purpose. */
import type { LoggedDifference } from './vectors.ts';

export const textDifferences: readonly LoggedDifference[] = [
  {
    twisted: 'takes black backgrounds and white text for the terminal’s own, and sends nothing',
    nacre: 'sends every colour that has a name; `default` is the terminal’s own',
    why: 'many terminals are dark on light. ECMA-48 §8.3.117: 39 and 49 are the default',
    cases: ["A.bg.black['x']", "A.fg.white['x']"],
    shows: (twisted, ours) => twisted.join() === 'x,{}' && /ground":[07]}/.test(ours.join()),
  },
  {
    twisted: 'an attribute that has ended goes on where the next text has none, or only others',
    nacre: 'ends with its text',
    why: 'text looks as it is said to, whatever stands before it',
    cases: [
      "A.normal[A.bold['a'], 'b']",
      "A.normal['a', A.bold['b'], 'c', A.underline['d'], 'e']",
      "A.bg.green[A.fg.red['Hello'], ' ', A.fg.blue['world']]",
    ],
    shows: (twisted, ours) => twisted[0] === ours[0] && twisted.join().length > ours.join().length,
  },
];
