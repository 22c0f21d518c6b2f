import { defineConfig } from 'vitest/config';

/** `npm run test:image`: builds the container API's image and runs it, where there is something to do it with. */
export default defineConfig({
  test: {
    include: ['__tests__/image/**/*.test.ts'],
    globalSetup: ['__tests__/support/run/shared-folder.ts'],
    setupFiles: ['__tests__/support/run/in-project.ts'],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    disableConsoleIntercept: true,
  },
});
