import type { RuntimeControls } from '#local/control/controls.ts';
import { predictRecovery } from '#local/route53/predictions.ts';
import { regionsMessage } from '#tests/tools/local/support/regions-message.ts';

const region = { region: 'eu-central-1', failed: false, failures: [], since: 0, healthChecks: [] };

/** Controls of a runtime in which nothing happens. */
export const stoppedControls: RuntimeControls = {
  fail: () => undefined,
  recover: () => undefined,
  setPartitioned: () => undefined,
  hold: () => undefined,
  setReplicationLag: () => undefined,
  moveTarget: () => undefined,
  deploy: async () => undefined,
  plan: async () => [],
  publish: () => '1',
  point: async () => undefined,
  weigh: async () => undefined,
  admitKeys: async () => undefined,
  data: {
    contents: () => ({}),
    fill: async () => ({ items: 0, objects: 0, parameters: 0 }),
    reset: async () => undefined,
  },
  regions: () => regionsMessage(),
  metrics: () => [],
  alarms: () => ({ alarms: [], changes: [] }),
  recorded: () => [],
  unusedPermissions: () => ({ unused: [] }),
  token: async () => ({ token: 'signed', issuer: '', audience: [], keysUrl: '' }),
  status: () => ({
    stage: 'dev',
    startedAt: 0,
    timeScale: 1,
    replicationLagMilliseconds: 0,
    regions: { primary: region, secondary: region },
    entries: [],
    active: 'primary',
    partitioned: false,
    predicted: predictRecovery({ healthChecks: [], records: [] }, 1),
  }),
};
