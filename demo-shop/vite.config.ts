/** The shop's pages: `npm run shop` serves them from source, `npm run build:shop` builds `dist/shop`. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';
import { shopFiles } from './build/files.ts';
import { embedFrom, withEmbed } from './embed.ts';

export default defineConfig({
  root: import.meta.dirname,
  publicDir: false,
  server: { port: 5173 },
  plugins: [catalogueFiles(), promoEdgeTag(), packed()],
  build: {
    outDir: join(import.meta.dirname, '..', 'dist', 'shop'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});

/** Catalogue and pictures: made at start when serving, written as files when building. */
function catalogueFiles(): Plugin {
  return {
    name: 'catalogue-files',
    configureServer(server) {
      const files = shopFiles(Date.now());
      server.middlewares.use((request, response, next) => {
        const path = request.url?.replace(/\?.*$/, '') ?? '';
        const text = files[path];
        if (text === undefined) return next();
        response.setHeader('Content-Type', path.endsWith('.svg') ? 'image/svg+xml' : 'application/json');
        response.end(text);
      });
    },
    generateBundle() {
      for (const [path, source] of Object.entries(shopFiles(Date.now()))) {
        this.emitFile({ type: 'asset', fileName: path.slice(1), source });
      }
    },
  };
}

/** Scripts, styles and the catalogue beside themselves packed with brotli, for serve.ts: a fifth less than gzip. */
function packed(): Plugin {
  return {
    name: 'packed',
    apply: 'build',
    writeBundle({ dir = '' }, files) {
      for (const file of Object.keys(files).filter((name) => /\.(js|css|json)$/.test(name))) {
        const path = join(dir, file);
        writeFileSync(`${path}.br`, brotliCompressSync(readFileSync(path)));
      }
    },
  };
}

/** When serving from source; the built page gets its tag from serve.ts, whose environment may change. */
function promoEdgeTag(): Plugin {
  return {
    name: 'promo-edge-tag',
    apply: 'serve',
    transformIndexHtml: (page) => withEmbed(page, embedFrom(process.env)),
  };
}
