import { describe, expect, it } from 'vitest';
import { compileEagerly } from '../../sdk/compile-eagerly.ts';

/** What a script leaves under `out` when it has run. */
function run(code: string): unknown {
  const scope: { out?: unknown } = {};
  new Function('scope', code)(scope);
  return scope.out;
}

describe('compileEagerly', () => {
  it('puts the functions of a file into parentheses, as variables at its top', () => {
    expect(
      compileEagerly(
        '(function(){a();function a(e){return e=>b(e)}var c=1,d=e=>c;async function b(){}a(b)})();',
      ),
    ).toBe(
      '(function(){var a=(function(e){return e=>b(e)}),b=(async function(){});a();var c=1,d=(e=>c);a(b)})();',
    );
  });

  it.each([
    [
      'functions used before they stand',
      '(function(){scope.out=twice(3);function twice(n){return n*factor()}function factor(){return 2}})();',
    ],
    [
      'recursion, defaults and generators',
      '(function(){function*upTo(n){if(n>0){yield*upTo(n-1);yield n}}function sum(of=upTo(4)){return[...of].reduce((a,b)=>a+b,0)}scope.out=[sum(),sum(upTo(2))]})();',
    ],
    [
      'names of functions, and functions made with new',
      '(function(){function Point(x){this.x=x}scope.out=[Point.name,new Point(3).x,typeof Point]})();',
    ],
    [
      'functions within functions, texts and classes that look like them',
      '(function(){class A{f(){function f(){return`function f(){}`}return f()}}function g(){return new A().f()}scope.out=g()})();',
    ],
    ['a directive', '(function(){"use strict";function f(){return this}scope.out=f()===undefined})();'],
  ])('changes nothing about %s', (_, code) => {
    const before = run(code);
    expect(before).toBeDefined();
    expect(run(compileEagerly(code))).toEqual(before);
  });

  it.each(['function a(){}', 'export default 1', '(()=>{function a(){}})()', '(function(){})();', ''])(
    'refuses what is no immediately called function with others in it: %s',
    (code) => {
      expect(() => compileEagerly(code)).toThrow(/expected one immediately called function/);
    },
  );
});
