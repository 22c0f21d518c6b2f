import type { RuntimeEndpoints } from '../../../../tools/local/control/protocol.ts';
import type { RuntimeControls } from '../../../../tools/local/control/server.ts';

const region = { region: 'eu-central-1', failed: false, since: 0, healthChecks: [] };

/** Controls of a runtime in which nothing happens. */
export const stoppedControls: RuntimeControls = {
  setFailed: () => undefined,
  setReplicationLag: () => undefined,
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
