/**
 * Makes V8 compile functions with the script that holds them. It skips over a function's body at first and goes through
 * it once more when the function is called, but for those after an opening parenthesis ("PIFEs" in
 * https://v8.dev/blog/preparser). Of the deciding worker's functions most are called before its first decision, each
 * compiled by then on the one thread that everything waits for.
 */

import { type ESTree, parseAst } from 'vite';

/**
 * A file of one immediately called function: functions declared in it become variables at its top, where declarations
 * are hoisted to, in parentheses. Methods and arrow functions stay as they are.
 * @param code minified: a minifier would take the parentheses away
 * @throws where it is not such a file
 */
export function compileEagerly(code: string): string {
  const body = statementsOf(code);
  const top = body.find((node) => !('directive' in node))!.start;
  const declared = body.filter((node): node is ESTree.Function => node.type === 'FunctionDeclaration');
  const variables = declared.map(({ id, start, end }) => {
    const [kind, rest] = [code.slice(start, id!.start).trim(), code.slice(id!.end, end)];
    return `${id!.name}=(${kind}${rest})`;
  });
  const starts = [...declared.map(({ start }) => start), code.length];
  const between = [top, ...declared.map(({ end }) => end)].map((end, i) => code.slice(end, starts[i]));
  return `${code.slice(0, top)}var ${variables.join(',')};${between.join('')}`;
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
