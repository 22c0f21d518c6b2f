import type { RegionType } from '../../../stacks/context.ts';
import type { ControlClient } from '../../local/control/client.ts';
import { concludeStatus, type RegionStatus, type StageStatus } from './stage-status.ts';

/** What the running local runtime tells: it serves one synthesis, so versions and times are not known. */
export async function readLocalStatus(control: Pick<ControlClient, 'status' | 'summary'>): Promise<StageStatus> {
  const [status, summary] = await Promise.all([control.status(), control.summary()]);
  const region = (regionType: RegionType): RegionStatus => {
    const { region: name, failed, healthChecks } = status.regions[regionType];
    const [check] = healthChecks;
    const environment = check?.resourcePath.split('/')[1];
    return {
      regionType,
      region: name,
      targets: environment === undefined ? {} : { rest: environment },
      apiIds: {},
      environments: Object.keys(summary.regions[regionType].environments).map((each) => ({ name: each })),
      ...(failed && { problem: `it was made to fail: two-region local recover ${regionType}` }),
      ...(check &&
        environment !== undefined && {
          health: { status: check.status, environment, resourcePath: check.resourcePath },
        }),
    };
  };
  const [rest, http] = status.entries.map(({ name }) => name);
  const names = { ...(rest !== undefined && { rest }), ...(http !== undefined && { http }) };
  return concludeStatus(status.stage, names, [region('primary'), region('secondary')]);
}
