/**
 * Makes V8 compile functions with the script that holds them. It skips over a function's body at first and goes through
 * it once more when the function is called, but for those after an opening parenthesis ("PIFEs" in
 * https://v8.dev/blog/preparser). Of the deciding worker's functions most are called before its first decision, each
 * compiled by then on the one thread that everything waits for.
 */

import { type ESTree, parseAst } from 'vite';

/**
 * A file of one immediately called function: functions declared in it become variables at its top, where declarations
 * are hoisted to, and get parentheses, as do arrow functions that are variables there. Methods stay as they are.
 * @param code minified: a minifier would take the parentheses away
 * @throws where it is not such a file
 */
export function compileEagerly(code: string): string {
  const body = statementsOf(code);
  const top = body.find((node) => !('directive' in node))!.start;
  const declared = body.filter((node): node is ESTree.Function => node.type === 'FunctionDeclaration');
  const arrows = body
    .flatMap((node) => (node.type === 'VariableDeclaration' ? node.declarations : []))
    .flatMap(({ init }) => (init?.type === 'ArrowFunctionExpression' ? init : []));
  const text = (from: number, to: number): string => code.slice(from, to);
  const variables = declared.map(({ id, start, end }) => {
    const kind = text(start, id!.start).trim();
    return `${id!.name}=(${kind}${text(id!.end, end)})`;
  });
  const edits = [
    ...declared.map(({ start, end }) => ({ start, end, instead: '' })),
    ...arrows.map(({ start, end }) => ({ start, end, instead: `(${text(start, end)})` })),
  ].sort((a, b) => a.start - b.start);
  const kept = edits.map(({ start, instead }, i) => text(edits[i - 1]?.end ?? top, start) + instead);
  return `${text(0, top)}var ${variables};${kept.join('')}${text(edits.at(-1)!.end, code.length)}`;
}

/** Of `(function(){...})()`. */
function statementsOf(code: string): ESTree.Statement[] {
  const [first, ...others] = parseAst(code).body;
  if (
    others.length === 0 &&
    first?.type === 'ExpressionStatement' &&
    first.expression.type === 'CallExpression'
  ) {
    const { callee } = first.expression;
    if (
      callee.type === 'FunctionExpression' &&
      callee.body?.body.some(({ type }) => type === 'FunctionDeclaration')
    )
      return callee.body.body as ESTree.Statement[];
  }
  throw new Error('expected one immediately called function with others in it: is the format still iife?');
}
