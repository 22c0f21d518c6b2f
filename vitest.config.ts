import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './__tests__/support/run/longest-first.ts';

export default defineConfig({
  test: {
    include: ['__tests__/**/*.test.ts'],
    exclude: ['__tests__/image/**', '__tests__/terraform/**'],
    // Many tests wait for processes and sockets: one worker more than the machine has processors.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    // Test files share a process, and so pay once for cdktf, the AWS SDK and the local runtime. What a file replaces it puts back.
    isolate: false,
    globalSetup: ['__tests__/support/run/shared-folder.ts'],
    setupFiles: ['__tests__/support/run/in-project.ts'],
    // The SDK's announcement about Node.js versions is no news to a test run.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    // A guard against what hangs, not a measure: a machine may be busy with something else.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
