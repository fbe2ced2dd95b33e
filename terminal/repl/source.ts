/**
 * JavaScript source as a person types it: whether more is to come, its colours, and what `await` needs to run.
 *
 * It never runs anything. Source: ECMA-262; the syntax is acorn's business.
 */
import { parse, tokenizer, type Node, type Program } from 'acorn';
import type { Style } from '../output/style.ts';
import type { Span } from '../line/styled-text.ts';

const syntax = { ecmaVersion: 'latest', allowAwaitOutsideFunction: true, allowReturnOutsideFunction: false } as const;

/** Whether the text is a whole program, or wrong in a way that no further line can mend. */
export function isWhole(text: string): boolean {
  try {
    parse(text, syntax);
    return true;
  } catch (error) {
    const end = text.trimEnd().length;
    const isOpen = /^Unterminated (template|comment)/.test(messageOf(error));
    return !isOpen && positionOf(error) < end;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');
const positionOf = (error: unknown): number =>
  error instanceof SyntaxError && 'pos' in error && typeof error.pos === 'number' ? error.pos : 0;

const styles: Readonly<Record<string, Style>> = {
  keyword: { foreground: 'magenta' },
  string: { foreground: 'green' },
  template: { foreground: 'green' },
  num: { foreground: 'yellow' },
  regexp: { foreground: 'red' },
};

/** The text in its colours; from where it cannot be read on, plain. */
export function highlight(text: string): Span[] {
  const spans: Span[] = [];
  let done = 0;
  try {
    for (const { type, start, end } of tokenizer(text, syntax)) {
      const style = type.keyword ? styles['keyword'] : styles[type.label];
      if (start > done) spans.push({ text: text.slice(done, start) });
      if (end > start) spans.push({ text: text.slice(start, end), ...(style ? { style } : {}) });
      done = Math.max(done, end);
    }
  } catch {
    // Unfinished: what follows stays plain.
  }
  return done < text.length ? [...spans, { text: text.slice(done) }] : spans;
}

/** A program whose `await` stands outside of functions, as one that a script may be. */
export interface Awaiting {
  /** Declares what has to outlive it. */
  readonly declarations: string;
  /** An expression: the promise of the last statement's value. */
  readonly body: string;
}

/** Throws SyntaxError. */
export function awaiting(text: string): Awaiting {
  const program: Program = parse(text, syntax);
  const names: string[] = [];
  const statements = program.body.map((statement, index) => {
    const source = text.slice(statement.start, statement.end);
    if (statement.type === 'VariableDeclaration') {
      return statement.declarations
        .map(({ id, init }) => {
          names.push(...boundNames(id));
          return init ? `(${text.slice(id.start, id.end)} = ${text.slice(init.start, init.end)});` : '';
        })
        .join('');
    }
    if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') {
      names.push(statement.id.name);
      return `${statement.id.name} = ${source};`;
    }
    const isLast = index === program.body.length - 1 && statement.type === 'ExpressionStatement';
    return isLast ? `return (${source.replace(/;$/, '')}\n);` : source;
  });
  return {
    declarations: names.length > 0 ? `var ${names.join(', ')};` : '',
    body: `(async () => { ${statements.join('\n')}\n})()`,
  };
}

/** The names that a pattern binds. */
function boundNames(pattern: Node): string[] {
  const names: string[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) return node.forEach(visit);
    if (typeof node !== 'object' || node === null || !('type' in node)) return;
    if (node.type === 'Identifier' && 'name' in node) names.push(String(node.name));
    else if (node.type === 'Property' && 'value' in node) visit(node.value);
    else if (node.type === 'AssignmentPattern' && 'left' in node) visit(node.left);
    else if (node.type === 'RestElement' && 'argument' in node) visit(node.argument);
    else if (node.type === 'ObjectPattern' && 'properties' in node) visit(node.properties);
    else if (node.type === 'ArrayPattern' && 'elements' in node) visit(node.elements);
  };
  visit(pattern);
  return names;
}
