import { confirm } from '#operator/cli/confirm.ts';
import { runInStage } from '#operator/cli/run-command.ts';
import { describeResult } from '#operator/deploy/describe-deploy.ts';
import { awsStores } from '#operator/parameters/open-stores.ts';
import { terraformOf } from '#operator/terraform/command-terraform.ts';
import { synthesizeStacks } from '#operator/terraform/synthesize-stage.ts';
import { underUsableStage } from '#operator/without/aws-usable.ts';
import { finishSecret, rotateSecret, type SecretPorts } from './rotate-secret.ts';

interface EdgeFlags {
  readonly finish?: true;
  readonly yes?: true;
  readonly json?: true;
}

/** `edge rotate`: a new secret by which the regions know the edge. */
export function runRotate(stage: string, flags: EdgeFlags): Promise<void> {
  return runInStage(
    stage,
    flags,
    (context, surroundings) => {
      const { view, colors } = surroundings;
      const { terraform } = terraformOf(surroundings);
      const ports: SecretPorts = {
        stores: awsStores(context),
        terraform,
        synthesize: () => {
          view.phase('synthesizing');
          return synthesizeStacks(context);
        },
        confirm: async (what) => {
          view.end();
          await confirm({ what, word: context.stage, yes: flags.yes === true });
        },
        onResult: (result) => {
          view.finished(result.stack);
          view.line(describeResult(result, colors));
        },
      };
      return underUsableStage(context, () => (flags.finish ? finishSecret : rotateSecret)(context, ports));
    },
    {
      text: ({ outcome, current, previous }, colors) =>
        outcome === 'rotated'
          ? `${colors.green(`The edge sends the secret ${current} now; the regions take ${previous}, too.`)}\nEnd it: two-region edge rotate ${stage} --finish`
          : colors.green(`The regions take the secret ${current} alone.`),
    },
  );
}
