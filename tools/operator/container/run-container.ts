import { setTimeout as sleep } from 'node:timers/promises';
import { confirm, confirmBeginning } from '#operator/cli/confirm.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { listenForInterruption } from '#operator/cli/interruption.ts';
import { type CommandReport, runInStage } from '#operator/cli/run-command.ts';
import { underStageLock } from '#operator/journal/stage-records.ts';
import { activeRegion, isProtected, otherRegion } from '#stacks/context.ts';
import { containerRegion } from './container-region.ts';
import { type ContainerReport, deployContainer, rollbackContainer, switchContainer } from './release-container.ts';

interface ContainerFlags {
  readonly yes?: true;
  readonly json?: true;
}

const ACTIONS = { deploy: deployContainer, switch: switchContainer, rollback: rollbackContainer };

/**
 * `deploy`, `switch` and `rollback` of the container API, by CodeDeploy, in both regions; no other command moves traffic meanwhile.
 *
 * @throws RefusedError where settings have no container API, and what the action refuses
 */
export function runContainer(stage: string, action: keyof typeof ACTIONS, flags: ContainerFlags): Promise<void> {
  return runInStage(
    stage,
    flags,
    (context, { view, atEnd }) => {
      const { settings } = context;
      if (!settings.container.isActive) {
        throw new RefusedError('There is no container API: CONTAINER in settings.conf is "off".');
      }
      const { signal, dispose } = listenForInterruption((message) => view.line(message), {
        first: 'Interrupted: traffic that has moved is given back …',
        further: 'Still at it …',
      });
      atEnd(dispose);
      const active = activeRegion(settings) ?? 'primary';
      return underStageLock(context, () =>
        ACTIONS[action]({
          stage,
          regions: [otherRegion(active), active].map((regionType) => containerRegion(context, regionType)),
          confirm: async (what) => {
            view.end();
            const yes = flags.yes === true;
            await (isProtected(stage) ? confirm({ what, word: stage, yes }) : confirmBeginning(what, yes));
          },
          onPhase: (text) => view.phase(text),
          signal,
          // Not ended by Ctrl-C, after which there may still be something to wait for: that traffic is back.
          sleep: async (milliseconds) => {
            await sleep(milliseconds);
          },
        }),
      );
    },
    CONTAINER_REPORT,
  );
}

const CONTAINER_REPORT: CommandReport<ContainerReport> = {
  text: describeContainer,
  exitCode: ({ outcome }) => (outcome === 'reverted' ? ExitCode.Failed : ExitCode.Done),
};

/** What became of it, region by region, and what comes next. */
export function describeContainer({ stage, action, outcome, regions, problem }: ContainerReport): string {
  if (outcome === 'unchanged') return 'Both regions serve the newest image already.';
  const lines = regions.map(
    ({ region, deployment, phase, image }) => `${region}  ${deployment}  ${SAID[phase]}  ${image}`,
  );
  if (outcome === 'reverted') {
    return [`Nothing has moved for good: ${problem}`, ...lines].join('\n');
  }
  const next = {
    deploy: `Its tasks answer on port 8443 of the load balancers. Traffic moves by: two-region switch ${stage} --container`,
    switch: `The tasks before it still run for a while. Back: two-region rollback ${stage} --container`,
    rollback: 'Traffic is where it was.',
  };
  return [...lines, '', next[action]].join('\n');
}

const SAID = {
  starting: 'its tasks start',
  ready: 'ready, without traffic',
  moving: 'gets traffic',
  moved: 'has the traffic',
  done: 'has the traffic',
  failed: 'ended, without traffic',
};
