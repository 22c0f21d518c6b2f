import { defineConfig } from 'vitest/config';

/** Real Terraform against moto, one step after the other: minutes, not seconds. */
export default defineConfig({
  test: {
    include: ['__tests__/terraform/**/*.test.ts'],
    globalSetup: ['__tests__/terraform/support/requirements.ts'],
    fileParallelism: false,
    bail: 1,
    reporters: ['verbose'],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    testTimeout: 600_000,
    hookTimeout: 120_000,
    disableConsoleIntercept: true,
  },
});
