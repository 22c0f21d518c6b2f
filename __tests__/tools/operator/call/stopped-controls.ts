import type { RuntimeControls } from '#local/control/controls.ts';
import { regionsMessage } from '#tests/tools/local/support/regions-message.ts';

const region = { region: 'eu-central-1', failed: false, since: 0, healthChecks: [] };

/** Controls of a runtime in which nothing happens. */
export const stoppedControls: RuntimeControls = {
  setFailed: () => undefined,
  setReplicationLag: () => undefined,
  moveTarget: () => undefined,
  deploy: async () => undefined,
  regions: () => regionsMessage(),
  unusedPermissions: () => ({ unused: [] }),
  status: () => ({
    stage: 'dev',
    startedAt: 0,
    timeScale: 1,
    replicationLagMilliseconds: 0,
    regions: { primary: region, secondary: region },
    entries: [],
    predicted: { noticeSeconds: 30, ttlSeconds: 60, recoverySeconds: 90 },
  }),
};
