import type { StageContext } from '../../../stacks/context.ts';
import { accessOf } from '../aws/aws-access.ts';
import { explainingCredentials } from '../aws/credentials-error.ts';
import { RefusedError } from '../cli/errors.ts';
import { type ProgressView, progressView } from '../cli/progress-view.ts';
import { loadStageContext } from '../cli/stage-context.ts';
import { colorsFor } from '../cli/terminal.ts';
import { performSwitch } from './perform-switch.ts';
import type { SwitchPlace } from './switch-ports.ts';
import type { SwitchRequest } from './switch-request.ts';

export interface SwitchFlags {
  readonly local?: true;
  readonly yes?: true;
  readonly json?: true;
}

/**
 * Moves live traffic. Progress goes to stderr, the report to stdout.
 *
 * @throws EndWith exit code 1 when it was not done, and whatever refuses it
 */
export async function runSwitch(stage: string, request: SwitchRequest, flags: SwitchFlags): Promise<void> {
  const view = progressView(process.stderr, colorsFor(process.stderr));
  const options = { yes: flags.yes === true, json: flags.json === true, view };
  if (flags.local) return performSwitch(await openLocal(stage), request, options);
  const context = loadStageContext(stage);
  await explainingCredentials(accessOf(context), async () =>
    performSwitch(await openAws(context, view), request, options),
  );
}

async function openLocal(stage: string): Promise<SwitchPlace> {
  const { localSwitchPlace } = await import('./local/local-switch-place.ts');
  const place = await localSwitchPlace();
  if (place.stage === stage) return place;
  throw new RefusedError(`The local runtime runs the stage ${place.stage}, not ${stage}.`);
}

async function openAws(context: StageContext, view: ProgressView): Promise<SwitchPlace> {
  const { awsSwitchPlace } = await import('./aws/aws-switch-place.ts');
  return awsSwitchPlace(context, (progress) => view.progress(progress));
}
