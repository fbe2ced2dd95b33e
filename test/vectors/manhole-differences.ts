/** Where our prompt differs from Twisted's Manhole on purpose. */
import { loadCases, type Log, type LoggedDifference } from './vectors.ts';

const names = loadCases<{ readonly name: string }>('manhole.json').map(({ name }) => name);
const like = (...patterns: readonly RegExp[]): string[] => names.filter(name => patterns.some(each => each.test(name)));

/** Ours, its lines joined by `|`, is like this. */
const shows =
  (pattern: RegExp) =>
  (_twisted: Log, ours: Log): boolean =>
    pattern.test(ours.join('|'));

export const manholeDifferences: readonly LoggedDifference[] = [
  {
    twisted: 'shows what is thrown as a traceback of Python',
    nacre: 'as `Uncaught`, with its stack as far as it is the person’s own',
    why: 'the language is JavaScript; node:repl says it so',
    cases: like(/: exception$/, /ctrl-A ctrl-E move$/),
    shows: shows(/^>>> \S+\|Uncaught (TypeError|ReferenceError): .*\|\s+at repl:1:\d\|>>>\|cursor 4,\d$/),
  },
  {
    twisted: 'a line that is not whole is an error',
    nacre: 'goes on in the next line, until it is whole or an empty line ends it',
    why: 'an operator at the end of a line is how JavaScript goes on',
    cases: like(/syntax error$/),
    shows: shows(/^>>> 1 \+\|\.\.\.\|cursor 4,1$/),
  },
  {
    twisted: 'a block goes on until an empty line',
    nacre: 'until it is whole',
    why: 'a bracket says where a block ends; in Python nothing does',
    cases: like(/block uses the second prompt/),
    shows: shows(/^>>> function f\(\) \{\|\.\.\. return 3 \}\|>>>\|>>> f\(\)\|3\|>>>\|cursor 4,5$/),
  },
  {
    twisted: 'clears the screen when it closes',
    nacre: 'leaves what was there, and goes to the next line',
    why: 'a person may want to read the last results. Contract of terminal/, promise 2: what was changed is put back',
    cases: like(/ctrl-D on an empty line/),
    shows: shows(/^>>>\|cursor 0,1\|closed$/),
  },
  {
    twisted: 'control+\\ closes at once',
    nacre: 'is no key of the prompt; control+D closes',
    why: 'GNU Readline and node:repl: a slip of the hand should not end a session',
    cases: like(/ctrl-backslash/),
    shows: shows(/^>>> ab\|cursor 6,0$/),
  },
  {
    twisted:
      'a promise is `<Deferred #0>`; what it comes to is told above the line, and then nothing can be typed any more',
    nacre: '`Promise #1 { <pending> }`; what was typed stays, and goes on',
    why: 'the numbering of node:util and the word for the thing; Twisted’s line buffer is corrupt afterwards, and Enter raises',
    cases: like(/deferred/),
    shows: shows(
      /^>>> get\(\)\|Promise #1 \{ <pending> \}\|Promise #1(: 42\|>>> typ\|Uncaught .*| rejected: 'bad'\|>>>)\|/,
    ),
  },
  {
    twisted: 'control+C prints KeyboardInterrupt',
    nacre: 'leaves `^C` behind the line',
    why: 'GNU Readline; the word is Python’s',
    cases: like(/ctrl-C/),
    rewrite: log =>
      log
        .map((line, row) => (log[row + 1] === 'KeyboardInterrupt' ? `${line}^C` : line))
        .filter(line => line !== 'KeyboardInterrupt')
        .map(line =>
          line.replace(/^(cursor \d+,)(\d+)$/, (_, column: string, row: string) => `${column}${Number(row) - 1}`),
        ),
  },
];
