import { quotaPage } from '#operator/account/limits.ts';
import { together, type Verdict } from '#operator/account/verdict.ts';
import type { RegionType } from '#stacks/context.ts';

/** What an account may do at once in a region, that load uses up. */
export const LOAD_QUOTAS = {
  executions: { what: 'executions at once', service: 'lambda', code: 'L-B99A9384' },
  requests: { what: 'requests a second of API Gateway', service: 'apigateway', code: 'L-8A5B8E43' },
  burst: { what: 'requests at once of API Gateway', service: 'apigateway', code: 'L-8A5B8E43' },
  reads: { what: 'read units a second of a table', service: 'dynamodb', code: 'L-CF0CBE56' },
  writes: { what: 'write units a second of a table', service: 'dynamodb', code: 'L-AB614373' },
  parameters: { what: 'requests a second of Parameter Store', service: 'ssm', code: undefined },
} as const;

export type LoadQuota = keyof typeof LOAD_QUOTAS;

/** A region's quotas and what the stage's highest load of the last day was. What may not be asked, or is not measured, is left out. */
export interface RegionLoad {
  /** AWS region. */
  readonly region: string;
  readonly applied: Readonly<Partial<Record<LoadQuota, number>>>;
  readonly peak: Readonly<Partial<Record<LoadQuota, number>>>;
}

/** A quota may be used up to this part: what is above it is the room for clients that all come at once. */
const USABLE = 0.8;

/**
 * Whether each region can take the load of both: it has what the other has been given, and the highest load of the last day leaves a fifth of it free. A
 * quota that was raised in one region only turns a failover into HTTP 429.
 *
 * @param active - the region that has all traffic while it is healthy; undefined: both have some
 *
 * Source: AWS Lambda Developer Guide, "Lambda quotas"; Amazon API Gateway Developer Guide, "Quotas", account-level throttling; Amazon DynamoDB Developer
 * Guide, "Quotas"; AWS Systems Manager User Guide, "Changing Parameter Store throughput".
 */
export function judgeQuotas(
  regions: Readonly<Record<RegionType, RegionLoad>>,
  active: RegionType | undefined,
): Verdict {
  let name: LoadQuota;
  const verdicts: Verdict[] = [];
  for (name in LOAD_QUOTAS) verdicts.push(...judgeQuota(name, regions, active));
  return together(verdicts);
}

function judgeQuota(
  name: LoadQuota,
  regions: Readonly<Record<RegionType, RegionLoad>>,
  active: RegionType | undefined,
): readonly Verdict[] {
  const { primary, secondary } = regions;
  const { what } = LOAD_QUOTAS[name];
  const [here, there] = [primary.applied[name], secondary.applied[name]];
  if (here === undefined || there === undefined) {
    const lacking = [primary, secondary].filter(({ applied }) => applied[name] === undefined);
    return [{ outcome: 'skipped', found: `${what} of ${lacking.map(({ region }) => region).join(' and ')} not known` }];
  }
  if (here !== there) {
    const lower = here < there ? primary : secondary;
    return [
      {
        // Traffic is in the active region for most of the time, and it serves it.
        outcome: active !== undefined && lower === regions[active] ? 'warn' : 'fail',
        found: `${what}: ${here} in ${primary.region}, ${there} in ${secondary.region}`,
        fix: askFor(name, lower.region),
      },
    ];
  }
  const peak = (primary.peak[name] ?? 0) + (secondary.peak[name] ?? 0);
  const isKnown = primary.peak[name] !== undefined || secondary.peak[name] !== undefined;
  const found = `${what}: ${here} in each region${isKnown ? `, ${Math.round(peak)} at the peak of the last day` : ''}`;
  if (peak <= USABLE * here) return [{ outcome: 'ok', found }];
  const fix = [primary, secondary].map(({ region }) => askFor(name, region)).join('\n');
  return [{ outcome: 'fail', found: `${found}: one region alone would be full`, fix }];
}

function askFor(name: LoadQuota, region: string): string {
  const { service, code } = LOAD_QUOTAS[name];
  if (code !== undefined) return quotaPage(region, service, code);
  return `aws ssm update-service-setting --region ${region} --setting-id /ssm/parameter-store/high-throughput-enabled --setting-value true (AWS charges for it)`;
}
