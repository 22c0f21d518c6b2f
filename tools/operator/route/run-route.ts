import { LEFT_OUT } from '#local/route53/predictions.ts';
import { confirmBeginning, confirmSwitch } from '#operator/cli/confirm.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { listenForInterruption } from '#operator/cli/interruption.ts';
import { type CommandReport, runCommand, runInStage, type Surroundings } from '#operator/cli/run-command.ts';
import { type Colors, seconds, timeOfDay } from '#operator/cli/terminal.ts';
import { otherRegion } from '#stacks/context.ts';
import { type Drained, drainRoute } from './drain-route.ts';
import { moveRoute, movesNothing, type RoutePlace, type RouteReport, type RouteRequest } from './move-route.ts';
import { describeRouteState } from './route-store.ts';
import type { WriteGate } from './write-gate.ts';

export interface RouteFlags {
  readonly local?: true;
  readonly yes?: true;
  readonly wait: boolean;
  readonly latch?: true;
  readonly drain?: true;
  readonly json?: true;
}

/** Keeps traffic away from a region, or no longer; exit code 1 where it has not moved in the time that was predicted. */
export function runRoute(
  stage: string,
  request: Pick<RouteRequest, 'kind' | 'region'>,
  flags: RouteFlags,
): Promise<void> {
  const asked = { ...request, wait: flags.wait, latch: flags.latch === true };
  if (flags.local) {
    return runCommand(
      flags,
      async (surroundings) => {
        const [{ runningStage }, { localRoutePlace }, { localWriteGate }, { underLocalLock }] = await Promise.all([
          import('#operator/cli/running-stage.ts'),
          import('./open-route.ts'),
          import('./write-gate.ts'),
          import('#operator/journal/local-records.ts'),
        ]);
        const { context, control } = await runningStage(stage);
        const place = await localRoutePlace(context, control);
        if (!flags.drain) return performRoute(place, asked, flags, surroundings);
        const gate = localWriteGate(context, request.region, control);
        return underLocalLock(control, () => performRoute(place, asked, flags, surroundings, gate));
      },
      ROUTE_REPORT,
    );
  }
  return runInStage(
    stage,
    flags,
    async (context, surroundings) => {
      const { awsRoutePlace } = await import('./open-route.ts');
      if (!flags.drain) return performRoute(awsRoutePlace(context), asked, flags, surroundings);
      const [{ awsWriteGate }, { underStageLock }] = await Promise.all([
        import('./aws-write-gate.ts'),
        import('#operator/journal/stage-records.ts'),
      ]);
      const gate = awsWriteGate(context, request.region);
      return underStageLock(context, () => performRoute(awsRoutePlace(context), asked, flags, surroundings, gate));
    },
    ROUTE_REPORT,
  );
}

function performRoute(
  place: RoutePlace,
  request: RouteRequest,
  { yes, json }: RouteFlags,
  { view, atEnd }: Surroundings,
  gate?: WriteGate,
): Promise<PerformedRoute> {
  const { stage, isProduction, active } = place;
  const other = otherRegion(request.region);
  const [from, to] = request.kind === 'away' ? [request.region, other] : [other, request.region];
  const confirmed = () => {
    if (request.latch) return confirmBeginning(`Traffic of ${stage} stays in the ${to} region.`, yes === true);
    return movesNothing(request, active)
      ? confirmBeginning(`Traffic of ${stage} may go to the ${to} region again.`, yes === true)
      : confirmSwitch({ stage, isProduction, from: `the ${from} region`, to: `the ${to} region`, yes: yes === true });
  };
  const onPhase = (phase: string) => {
    if (!json) view.line(phase);
  };
  if (!gate) return moveRoute(place, request, confirmed, () => onPhase('Written. Waiting for health checks and DNS …'));
  const { signal, dispose } = listenForInterruption(() => view.line('Interrupted: writes are let again …'));
  atEnd(dispose);
  return drainRoute(place, gate, request, { confirmed, onPhase, signal });
}

/** What became of a move, and how writes were held meanwhile, if they were. */
type PerformedRoute = RouteReport & { readonly drained?: Drained };

const ROUTE_REPORT: CommandReport<PerformedRoute> = {
  text: describeRoute,
  exitCode: ({ outcome }) => (outcome === 'waiting' ? ExitCode.Failed : ExitCode.Done),
};

/** What was written where, what that does and when, and what is next. */
export function describeRoute(report: PerformedRoute, colors: Colors): string {
  const { stage, kind, region, writtenIn, outcome, route, at, predicted, moved, next, remarks } = report;
  const { atLeast, atMost } = predicted;
  const state = kind === 'away' ? `keeps away from the ${region} region` : `may go to the ${region} region`;
  if (outcome === 'already')
    return `Traffic of ${stage} ${state} already${describeRouteState(route)}. Nothing was changed.`;
  if (outcome === 'unneeded') {
    return `The public name of ${stage} is answered by the ${region} region: nothing is held, and nothing was changed. After a failover DNS answers are kept for up to 60 s.`;
  }
  const lines = [
    `${colors.dim(timeOfDay(at))}  Traffic of ${stage} ${colors.bold(state)}: ${writtenIn} says so.`,
    outcome === 'held'
      ? 'It is in the other region already, and does not come back by itself.'
      : `Predicted: ${whatFollows(report)} after ${seconds(atLeast)} to ${seconds(atMost)}. ${LEFT_OUT}`,
  ];
  if (moved) {
    const took = seconds((moved.at - at) / 1000);
    lines.push(
      `${colors.dim(timeOfDay(moved.at))}  The public name is answered by the ${moved.to} region after ${took}.`,
    );
  }
  if (outcome === 'waiting') {
    lines.push(
      kind === 'away'
        ? 'The public name is not answered by the other region yet: it may be unhealthy, too, or the resolver of this machine keeps answers.'
        : `The public name is not answered by the ${region} region yet: DNS leads there once its own health check is healthy.`,
    );
  }
  if (report.drained) lines.push(describeDrained(report.drained));
  lines.push(...remarks);
  if (kind === 'away') lines.push(`It stays so until: ${next}`);
  return lines.join('\n');
}

function describeDrained({ routes, heldFor, latency, waited }: Drained): string {
  const known =
    latency === undefined ? 'of which nothing is known' : `which took ${seconds(latency / 1000)} at the most`;
  return `${routes} routes that write responded with 429 for ${seconds(heldFor / 1000)}; ${seconds(waited / 1000)} of it were for replication, ${known}.`;
}

function whatFollows({ active, ...report }: Pick<RouteReport, 'active' | 'kind' | 'region'>): string {
  if (movesNothing(report, active)) return `DNS leads there again while the ${active} region is unhealthy,`;
  if (report.kind === 'away') return 'every client led elsewhere';
  return active === undefined ? "every client of the region's share led back there" : 'every client led back there';
}
