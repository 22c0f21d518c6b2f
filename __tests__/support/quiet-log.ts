import { afterEach, beforeEach, vi } from 'vitest';

/** Keeps the functions' log off the terminal in every test of a file. @returns the lines that were logged as errors, parsed */
export function quietLog(): () => Record<string, unknown>[] {
  beforeEach(() => {
    // Powertools logs to the global console in development mode.
    vi.stubEnv('POWERTOOLS_DEV', 'true');
    vi.spyOn(console, 'error').mockReturnValue();
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });
  return () => vi.mocked(console.error).mock.calls.map(([line]) => JSON.parse(String(line)));
}
