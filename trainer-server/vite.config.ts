/** Bundles the command line and the training process for plain Node: `dist/cli.js` and what it loads, in `dist/trainer-server/`. */

import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const ROOT = join(import.meta.dirname, '..');
const CHUNKS = 'trainer-server';

export default defineConfig({
  root: ROOT,
  publicDir: false,
  plugins: [withoutLeftovers(), executable('cli.js')],
  build: {
    // Dependencies stay in node_modules: native modules cannot be bundled, and nobody downloads this code.
    ssr: true,
    target: 'node20',
    outDir: 'dist',
    // The SDK and the shop are built into the same folder.
    emptyOutDir: false,
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: {
        cli: join(ROOT, 'trainer-server/cli.ts'),
        'training-runner': join(ROOT, 'trainer-server/graph/runner.ts'),
      },
      output: {
        // The trainer forks its runner from the file beside its own chunk.
        entryFileNames: ({ name }) => (name === 'cli' ? 'cli.js' : `${CHUNKS}/[name].js`),
        chunkFileNames: `${CHUNKS}/[name].js`,
      },
    },
  },
});

/** Chunks of an earlier build, which no entry imports any more. */
function withoutLeftovers(): Plugin {
  return {
    name: 'without-leftovers',
    buildStart: () => rm(join(ROOT, 'dist', CHUNKS), { recursive: true, force: true }),
  };
}

/** `npx promo-edge` runs the file itself, so the file must be allowed to run. */
function executable(file: string): Plugin {
  return {
    name: 'executable',
    writeBundle: async ({ dir }) => chmod(join(dir ?? join(ROOT, 'dist'), file), 0o755),
  };
}
