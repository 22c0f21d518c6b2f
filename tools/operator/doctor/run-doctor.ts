import { loadStageContext } from '../cli/stage-context.ts';
import { colorsFor } from '../cli/terminal.ts';
import { checkParameters } from '../parameters/check.ts';
import { awsStores } from '../parameters/open-stores.ts';
import { inspectStorage } from '../state/inspect-storage.ts';
import { storageResources } from '../state/storage-resources.ts';
import { askIdentity } from './ask-identity.ts';
import { type Check, makeChecks } from './check.ts';
import { describeDoctor } from './describe-doctor.ts';
import { DoctorError } from './doctor-error.ts';
import { machineChecks } from './machine-checks.ts';
import { stageChecks } from './stage-checks.ts';
import { thisMachine } from './this-machine.ts';

/**
 * Checks this machine, and what AWS has of stages, and prints what to do.
 *
 * @throws DoctorError when a check failed
 */
export async function runDoctor(stages: readonly string[], { json }: { readonly json?: true }): Promise<void> {
  const checks: Check[] = [...machineChecks(thisMachine()), ...stages.flatMap(checksOf)];
  console.error(`Making ${checks.length} checks …`);
  const report = { checks: await makeChecks(checks) };
  const isFailed = report.checks.some(({ outcome }) => outcome === 'fail');
  if (!json) console.log(describeDoctor(report.checks, colorsFor(process.stdout)));
  if (isFailed) throw new DoctorError(report);
  if (json) console.log(JSON.stringify(report));
  else if (stages.length === 0) console.error('AWS was not asked. With a stage it is: two-region doctor STAGE');
}

/** Wrong settings are what the check of settings.conf reports: nothing else can be asked without them. */
function checksOf(stage: string): readonly Check[] {
  const context = (() => {
    try {
      return loadStageContext(stage);
    } catch (error) {
      if (error instanceof Error && error.name === 'SettingsError') return error;
      throw error;
    }
  })();
  if (context instanceof Error) {
    const look = () => Promise.reject(context);
    return [{ about: `stage ${stage}`, name: 'settings', look }];
  }
  return stageChecks(context, {
    askIdentity: (region) => askIdentity(context, region),
    inspectStorage: (account) => inspectStorage(storageResources(context, account)),
    checkParameters: () => checkParameters(context, awsStores(context)),
  });
}
