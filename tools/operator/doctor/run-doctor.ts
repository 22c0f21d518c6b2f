import { accountQuestions, renewalQuestion } from '#operator/account/questions.ts';
import type { Question } from '#operator/account/verdict.ts';
import { askIdentity } from '#operator/cli/ask-identity.ts';
import { columns } from '#operator/cli/columns.ts';
import { UsageError } from '#operator/cli/errors.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { type CommandFlags, runCommand } from '#operator/cli/run-command.ts';
import { loadStageContext } from '#operator/cli/stage-context.ts';
import type { Colors } from '#operator/cli/terminal.ts';
import { judgeKeptPack } from '#operator/pack/kept-pack.ts';
import { checkParameters } from '#operator/parameters/check.ts';
import { awsStores } from '#operator/parameters/open-stores.ts';
import { rightsQuestion } from '#operator/permissions/check-rights.ts';
import { awsRoutePlace } from '#operator/route/open-route.ts';
import { awsStateStores } from '#operator/state/aws-state-store.ts';
import { askAccount, inspectStorage } from '#operator/state/storage/inspect-storage.ts';
import { storageResources } from '#operator/state/storage/storage-resources.ts';
import { verifyState } from '#operator/state/verify-state.ts';
import { awsStatus } from '#operator/status/run-status.ts';
import type { StageContext } from '#stacks/context.ts';
import { SettingsError } from '#stacks/settings/index.ts';
import { projectFolder } from '#stacks/settings/project-folder.ts';
import { type Check, type CheckResult, makeChecks } from './check.ts';
import { type DrillPorts, drillChecks } from './drill-checks.ts';
import { machineChecks } from './machine-checks.ts';
import { stageChecks } from './stage-checks.ts';
import { thisMachine } from './this-machine.ts';

/** Something is not as it must be. The report holds every check. */
export class DoctorError extends Error {
  override readonly name = 'DoctorError';
  readonly exitCode = ExitCode.Usage;
  constructor(readonly report: { readonly checks: readonly CheckResult[] }) {
    const failed = report.checks.filter(({ outcome }) => outcome === 'fail');
    const names = failed.map(({ about, name }) => `${name} (${about})`).join(', ');
    super(`${failed.length} of ${report.checks.length} checks failed: ${names}.`);
  }
}

interface DoctorFlags extends CommandFlags {
  /** What a loss of a region would meet today, instead of what a deploy needs. @default false */
  readonly drill?: boolean | undefined;
}

/** Checks this machine, and what AWS has of stages, and prints what to do. @throws DoctorError when a check failed */
export function runDoctor(stages: readonly string[], flags: DoctorFlags): Promise<void> {
  return runCommand(
    flags,
    async ({ view }) => {
      if (flags.drill && stages.length === 0) {
        throw new UsageError(
          '--drill asks what a loss of a region would meet, so it needs a stage: two-region doctor STAGE --drill',
        );
      }
      const ofStages = stages.flatMap((stage) => checksOf(stage, flags.drill ? lossChecks : deployChecks));
      const checks: Check[] = [...machineChecks(thisMachine()), ...ofStages];
      view.line(`Making ${checks.length} checks …`);
      return { checks: await makeChecks(checks) };
    },
    {
      text: ({ checks }, colors) => describeDoctor(checks, colors),
      failure: (report) =>
        report.checks.some(({ outcome }) => outcome === 'fail') ? new DoctorError(report) : undefined,
      remark: () =>
        stages.length > 0 || flags.json ? undefined : 'AWS was not asked. With a stage it is: two-region doctor STAGE',
    },
  );
}

/** Wrong settings are what the check of settings.conf reports: nothing else can be asked without them. */
function checksOf(stage: string, checks: (context: StageContext) => readonly Check[]): readonly Check[] {
  const context = (() => {
    try {
      return loadStageContext(stage);
    } catch (error) {
      if (error instanceof SettingsError) return error;
      throw error;
    }
  })();
  if (context instanceof Error) {
    const look = () => Promise.reject(context);
    return [{ about: `stage ${stage}`, name: 'settings', look }];
  }
  return checks(context);
}

/** What a deploy of the stage needs. */
function deployChecks(context: StageContext): readonly Check[] {
  const values = () => awsStores(context).primary.readAll();
  return stageChecks(context, {
    askIdentity: (region) => askIdentity(context, region),
    inspectStorage: (account) => inspectStorage(storageResources(context, account)),
    checkParameters: () => checkParameters(context, awsStores(context)),
    questions: accountQuestions(context, values, {
      more: [rightsQuestion(context), renewalQuestion(context, values), firewallQuestion(context)],
    }),
  });
}

/** What stands before the APIs: nobody could tell by the stacks that the HTTP API has nothing there. */
export function firewallQuestion({ settings }: StageContext): Question {
  const found =
    settings.edge.state === 'active'
      ? 'a web ACL before each REST stage, and one at the edge before both APIs'
      : 'a web ACL before each REST stage; none before the events API, as AWS WAF stands before no HTTP API: EDGE="active" covers it';
  return { name: 'firewall', look: async () => ({ outcome: 'ok', found }) };
}

/** What a loss of a region would meet. */
function lossChecks(context: StageContext): readonly Check[] {
  const { primaryRegion, secondaryRegion } = context.settings;
  const ports: DrillPorts = {
    askIdentity: (region) => askIdentity(context, region),
    routes: awsRoutePlace(context).stores,
    verifyState: async () => {
      const account = await askAccount(context, primaryRegion, secondaryRegion);
      const storage = await inspectStorage(storageResources(context, account));
      return verifyState(context, awsStateStores(context), storage);
    },
    status: () => awsStatus(context),
    pack: () => judgeKeptPack(projectFolder(), context.stage),
  };
  return drillChecks(context, ports);
}

/** A line per check under what it is about, with what to do below those that are not as they must be. */
export function describeDoctor(results: readonly CheckResult[], colors: Colors): string {
  const paint: Readonly<Record<CheckResult['outcome'], (text: string) => string>> = {
    ok: colors.green,
    warn: colors.yellow,
    fail: colors.red,
    skipped: colors.dim,
  };
  const lines = columns(results.map(({ outcome, name, found }) => [outcome, name, found]));
  return [...new Set(results.map(({ about }) => about))]
    .flatMap((about) => [
      colors.bold(about),
      ...results.flatMap((result, at) => {
        if (result.about !== about) return [];
        const line = paint[result.outcome](lines[at] ?? '');
        return [`  ${line}`, ...(result.fix?.split('\n') ?? []).map((fix) => `         ${fix}`)];
      }),
    ])
    .join('\n');
}
