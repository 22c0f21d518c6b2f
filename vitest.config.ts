import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['__tests__/**/*.test.ts'],
    exclude: ['__tests__/terraform/**'],
    setupFiles: ['__tests__/support/setup.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
