/**
 * What a source file loads, read from its syntax tree: every way in which TypeScript can name another module.
 *
 * Text searches miss `import('x')` types and createRequire and find comments; the compiler's parser does neither.
 */
import ts from 'typescript';

export interface SourceFile {
  /** Path from the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** One module specifier, or `null` where the file computes it and no reader can tell. */
export type Specifier = string | null;

/** Every module that `file` names: import, export … from, import type, import(), require and createRequire(…)(…). */
export function specifiersOf(file: SourceFile): Specifier[] {
  const tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
  const requires = requireNames(tree);
  const found: Specifier[] = [];
  visit(tree, node => {
    const specifier = specifierNode(node, requires);
    if (specifier) found.push(ts.isStringLiteralLike(specifier) ? specifier.text : null);
  });
  return found;
}

/** Whether `file` only passes on what other files export. */
export function isOnlyReExports(file: SourceFile): boolean {
  const tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
  return tree.statements.every(
    statement => ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined,
  );
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, child => visit(child, see));
}

function specifierNode(node: ts.Node, requires: ReadonlySet<string>): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument;
  if (ts.isCallExpression(node) && isLoad(node.expression, requires)) return node.arguments[0];
  return undefined;
}

/** `import(…)`, `require(…)`, `require.resolve(…)`, or the same through any name made by createRequire. */
function isLoad(callee: ts.Expression, requires: ReadonlySet<string>): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword || isCreateRequire(callee)) return true;
  if (ts.isPropertyAccessExpression(callee) && callee.name.text === 'resolve')
    return isLoad(callee.expression, requires);
  return ts.isIdentifier(callee) && requires.has(callee.text);
}

function requireNames(tree: ts.SourceFile): ReadonlySet<string> {
  const names = new Set(['require']);
  visit(tree, node => {
    const declared = ts.isVariableDeclaration(node) && node.initializer && isCreateRequire(node.initializer);
    if (declared && ts.isIdentifier(node.name)) names.add(node.name.text);
  });
  return names;
}

function isCreateRequire(node: ts.Node): boolean {
  return ts.isCallExpression(node) && /(^|\.)createRequire$/.test(node.expression.getText());
}
