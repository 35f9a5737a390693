import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

/** Each folder and what of ours it may import. Source: the law of imports in the README. */
const MAY_IMPORT: Record<string, RegExp[]> = {
  shared: [/^shared\//],
  sdk: [/^shared\//, /^sdk\//],
  'trainer-server': [/^shared\//, /^trainer-server\//],
  'demo-shop': [
    /^demo-shop\//,
    /^sdk\/index\.ts$/,
    /^sdk\/panel\/index\.ts$/,
    /^sdk\/inspect\/index\.ts$/,
    /^trainer-server\/client(\/|\.ts$)/,
  ],
};

/** What `shared` must never reach for: it runs in workers, pages, Node and tests alike. */
const IMPURE =
  /\bMath\.random\(|\bDate\.now\(|\bnew Date\(\)|\bperformance\.now\(|\bdocument\.|\bwindow\.|\bprocess\.|\bfetch\(/;

describe('the law of imports', () => {
  for (const [folder, allowed] of Object.entries(MAY_IMPORT)) {
    it(`${folder} imports only what it may`, () => {
      const offences = sources(folder).flatMap((file) =>
        importsOf(file)
          .filter((target) => target.startsWith('.'))
          .map((target) => normalize(join(dirname(file), target)).replace(/\?.*$/, ''))
          .filter((target) => !allowed.some((rule) => rule.test(target)))
          .map((target) => `${file} -> ${target}`),
      );
      expect(offences).toEqual([]);
    });
  }

  it('shared is pure: no Node, no DOM, no clock, no randomness, no I/O', () => {
    const offences = sources('shared').flatMap((file) => {
      const code = withoutComments(readFileSync(join(ROOT, file), 'utf8'));
      const bad = importsOf(file).filter((target) => target.startsWith('node:'));
      const match = IMPURE.exec(code);
      return match === null ? bad.map((target) => `${file} -> ${target}`) : [`${file}: ${match[0]}`];
    });
    expect(offences).toEqual([]);
  });

  it('onnxruntime-node is loaded where its telemetry is switched off first, and nowhere else', () => {
    const loading = [...sources('trainer-server'), ...sources('demo-shop'), ...sources('test')].filter(
      (file) =>
        /^import (?!type ).*'onnxruntime-node'|import\('onnxruntime-node'\)|\)\('onnxruntime-node'\)/m.test(
          withoutComments(readFileSync(join(ROOT, file), 'utf8')),
        ),
    );
    expect(loading).toEqual(['trainer-server/onnx-runtime.ts']);
  });

  it('Transformers.js, which loads onnxruntime-node too, is loaded by the one module that silences it first', () => {
    const loading = [...sources('trainer-server'), ...sources('demo-shop')].filter((file) =>
      /^import (?!type ).*'@huggingface\/transformers'|\('@huggingface\/transformers'\)/m.test(
        withoutComments(readFileSync(join(ROOT, file), 'utf8')),
      ),
    );
    expect(loading).toEqual(['trainer-server/encoders/teacher/transformers-teacher.ts']);
    expect(importsOf(loading[0]!)).toContain('../../onnx-runtime.ts');
  });

  it('page side and worker side of the SDK meet only in sdk/protocol.ts', () => {
    const crossing = (from: string, to: string): string[] =>
      sources(from).flatMap((file) =>
        importsOf(file)
          .map((target) => normalize(join(dirname(file), target)))
          .filter((target) => target.startsWith(to) && !target.includes('?'))
          .map((target) => `${file} -> ${target}`),
      );
    expect([...crossing('sdk/page', 'sdk/worker/'), ...crossing('sdk/worker', 'sdk/page/')]).toEqual([]);
  });
});

function sources(folder: string): string[] {
  const skip = /node_modules|\/generated\/|\/assembly\/|\.d\.ts$/;
  try {
    return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|tsx)$/.test(entry.name))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
      .filter((file) => !skip.test(file));
  } catch {
    return [];
  }
}

function importsOf(file: string): string[] {
  const code = withoutComments(readFileSync(join(ROOT, file), 'utf8'));
  const pattern = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+|new URL\(\s*)['"]([^'"]+)['"]/g;
  return [...code.matchAll(pattern)].map((match) => match[1]!);
}

function withoutComments(code: string): string {
  return code.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"])\/\/.*$/gm, '$1');
}
