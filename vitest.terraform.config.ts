import { defineConfig } from 'vitest/config';

const SECOND_EMULATOR = '__tests__/terraform/second-emulator.test.ts';

/** Real Terraform against moto, an account for each file: minutes, not seconds. With the mode `second-emulator` against that one alone. */
export default defineConfig(({ mode }) => ({
  test: {
    include: [mode === 'second-emulator' ? SECOND_EMULATOR : '__tests__/terraform/**/*.test.ts'],
    exclude: mode === 'second-emulator' ? [] : [SECOND_EMULATOR],
    globalSetup: ['__tests__/terraform/support/requirements.ts'],
    // Each file has an account of its own; Terraform and moto wait more than they work.
    maxWorkers: 2,
    bail: 1,
    reporters: ['verbose'],
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    testTimeout: 600_000,
    hookTimeout: 120_000,
    disableConsoleIntercept: true,
  },
}));
