import type { RuntimeControls } from '#local/control/controls.ts';
import type { RuntimeEndpoints } from '#local/control/protocol.ts';

const region = { region: 'eu-central-1', failed: false, since: 0, healthChecks: [] };

const quiet = { region: 'eu-central-1', url: '', environments: {} };
const bare = { region: 'eu-central-1', functions: [], stages: [], usagePlans: [], logGroups: [] };
const empty = { region: 'eu-central-1', failed: false, names: [], apis: [], functions: [] };

/** Controls of a runtime in which nothing happens. */
export const stoppedControls: RuntimeControls = {
  setFailed: () => undefined,
  setReplicationLag: () => undefined,
  moveTarget: () => undefined,
  summary: () => ({ stage: 'dev', entry: '', apiKey: '', apiKeys: [], regions: { primary: quiet, secondary: quiet } }),
  live: () => ({
    stage: 'dev',
    deployedAt: 0,
    targets: {},
    regions: { primary: empty, secondary: empty },
    healthChecks: [],
  }),
  facts: () => ({ stage: 'dev', regions: { primary: bare, secondary: bare } }),
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

const nowhere = { region: 'eu-central-1', dynamodb: '', s3: '', ssm: '' };

/** Endpoints of a runtime that has no data. */
export const noEndpoints: RuntimeEndpoints = {
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
  regions: { primary: nowhere, secondary: nowhere },
};
