import { confirm, confirmLiveChange } from '#operator/cli/confirm.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { runCommand } from '#operator/cli/run-command.ts';
import { runningStage } from '#operator/cli/running-stage.ts';
import { localSwitchRecords } from '#operator/journal/local-records.ts';
import { oweRelease } from '#operator/regions/catch-up.ts';
import { synthesizeStage } from '#operator/terraform/synthesize-stage.ts';
import { findTypeErrors } from '#operator/types/check-types.ts';
import { underUsableRuntime } from '#operator/without/local-usable.ts';
import type { RegionType } from '#stacks/context.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import { deployLocally } from './deploy-locally.ts';
import { changeLine, describeLocalDeploy } from './describe-local-deploy.ts';

interface LocalDeployFlags {
  readonly withNewVersions?: true;
  readonly allowLiveChange?: true;
  /** The region that is lost. @default - none */
  readonly without?: RegionType;
  readonly yes?: true;
  readonly json?: true;
}

/** Releases the present code in the local runtime of the working directory. @throws what refuses it; nothing has changed then */
export function runLocalDeploy(stage: string, environment: string | undefined, flags: LocalDeployFlags): Promise<void> {
  return runCommand(
    flags,
    async ({ view }) => {
      const directory = projectFolder();
      const running = await runningStage(stage);
      const { without } = flags;
      const options = { environment, withNewVersions: flags.withNewVersions === true, without };
      const { catchUp } = localSwitchRecords(running.control);
      const release = () =>
        deployLocally(running, options, directory, {
          ...(without && {
            owe: (name: string) => {
              const what = `${name} is to have the release that the other region has`;
              return oweRelease(catchUp, without, { environments: [name], what });
            },
          }),
          checkTypes,
          synthesize: synthesizeStage,
          confirmLive: (live) => {
            view.end();
            return confirm({ what: `${live} receives live traffic.`, word: live, yes: flags.yes === true });
          },
          confirmLiveChange: (changes) => {
            view.end();
            return confirmLiveChange(
              changes.map((change) => changeLine(change).join(' ')),
              flags.allowLiveChange === true,
            );
          },
          onPhase: (phase) => view.phase(phase),
        });
      return underUsableRuntime(running, release, without);
    },
    { text: describeLocalDeploy, remark: ({ catchUp }) => catchUp?.join('\n') },
  );
}

/** Synthesis bundles without a look at types. */
export async function checkTypes(directory: string): Promise<void> {
  const found = await findTypeErrors(directory);
  if (found.length === 0) return;
  throw new RefusedError(['Nothing was released: the code has mistakes of types.', ...found].join('\n'));
}
