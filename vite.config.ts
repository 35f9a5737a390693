import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Bars that need a built server, many processes or a minute: one after another, with the other long tests. */
const LONG_BARS = 'test/safety/{17,21,29,30-release}-*.test.ts';

export default defineConfig({
  test: {
    globalSetup: 'test/helpers/build-kernels.ts',
    projects: [
      {
        test: {
          name: 'unit',
          setupFiles: 'test/helpers/properties.ts',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**', 'test/loop/**', 'test/safety/*.browser.test.ts', LONG_BARS],
          testTimeout: 60_000,
          // Vitest leaves one core free, of two too.
          maxWorkers: Math.max(2, availableParallelism() - 1),
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts', 'test/safety/*.browser.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          // Browsers wait as often as they work.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          // A browser on a busy machine may miss one deadline of its own; a fault of ours fails twice.
          retry: 1,
        },
      },
      {
        test: {
          name: 'loop',
          include: ['test/loop/**/*.test.ts', LONG_BARS],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
