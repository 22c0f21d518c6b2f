import { defineConfig } from 'vitest/config';

/** Tests that change nothing outside themselves: they share a process, and so pay once for cdktf and the local runtime. */
const sharing = [
  '__tests__/constructs/**/*.test.ts',
  '__tests__/stacks/**/*.test.ts',
  '__tests__/tools/local/**/*.test.ts',
];

export default defineConfig({
  test: {
    // Many tests wait for processes and sockets: one worker more than a small machine has processors.
    maxWorkers: 3,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    projects: [
      { extends: true, test: { name: 'shared', include: sharing, isolate: false } },
      {
        extends: true,
        test: {
          name: 'isolated',
          include: ['__tests__/**/*.test.ts'],
          exclude: ['__tests__/terraform/**', ...sharing],
        },
      },
    ],
  },
});
