import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { REQUEST_PATIENCE } from '#operator/aws/aws-access.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import { compareRegions } from '#operator/parity/compare.ts';
import { readLocalFacts } from '#operator/parity/local/local-facts.ts';
import { REGION_TYPES } from '#operator/regions/left-region.ts';
import { compareTables } from '#operator/return/compare-items.ts';
import { otherRegion, type RegionType, type StageContext } from '#stacks/context.ts';
import { tableName } from '#stacks/naming.ts';
import type { DrillPlace } from './drill-place.ts';

const MOST_LOOKS = 3;
const BETWEEN_LOOKS_MILLISECONDS = 1500;

/** What a look at the stage before a drill has found. */
interface Preflight {
  /** What was looked at and is well, in sentences. */
  readonly well: readonly string[];
  /** What forbids a drill, each with its remedy. */
  readonly problems: readonly string[];
}

/**
 * Looks whether a drill would measure the fault alone: both regions are healthy and level, traffic is in the primary one, and every alarm is quiet.
 *
 * @throws RefusedError with everything that is not so, and what to do
 */
export async function preflight(place: DrillPlace): Promise<readonly string[]> {
  let { well, problems } = await look(place);
  // A busy machine may have kept a health check or an alarm waiting.
  for (let looked = 1; looked < MOST_LOOKS && problems.length > 0; looked++) {
    await sleep(BETWEEN_LOOKS_MILLISECONDS);
    ({ well, problems } = await look(place));
  }
  if (problems.length === 0) return well;
  throw new RefusedError(
    [
      'A drill begins with both regions healthy and level, and every alarm quiet:',
      ...problems.map((each) => `- ${each}`),
    ].join('\n'),
  );
}

async function look(place: DrillPlace): Promise<Preflight> {
  const { active } = await place.control.status();
  if (active !== 'primary') return { well: [], problems: [notOfThis(active)] };
  const failing = await whatFails(place);
  if (failing.length > 0) return { well: [], problems: failing };
  const [kept, alarms, parity, tables] = await Promise.all([
    keptAway(place),
    alarmsOff(place),
    compareParity(place),
    unequalTables(place),
  ]);
  return {
    well: [
      'Both regions are healthy.',
      'Traffic goes to the primary region.',
      parity.well,
      tables.well,
      'No alarm is in ALARM.',
    ],
    problems: [...kept, ...alarms, ...parity.problems, ...tables.problems],
  };
}

/** What a drill breaks, and where it looks for traffic, is of the region that is active unless settings say otherwise. */
function notOfThis(active: RegionType | null): string {
  const is =
    active === null
      ? 'Both regions are active (ROUTING_POLICY)'
      : `The ${active} region is the active one (ACTIVE_REGION)`;
  return `${is}: drills are of stages whose primary region is the active one. In a copy of the project, start the runtime with ACTIVE_REGION="primary" and ROUTING_POLICY="failover".`;
}

async function whatFails({ control }: DrillPlace): Promise<readonly string[]> {
  const { regions, partitioned } = await control.status();
  return [
    ...(partitioned ? ['The regions are cut off from each other. End it: two-region local partition --end'] : []),
    ...REGION_TYPES.flatMap((region) => {
      const { failures, healthChecks } = regions[region];
      if (failures.length > 0) {
        const parts = failures.map(({ part }) => part).join(', ');
        return [
          `The ${region} region was made to fail (${parts}). Let it respond again: two-region local recover ${region}`,
        ];
      }
      const unhealthy = healthChecks.filter(({ status }) => status === 'unhealthy');
      return unhealthy.map(
        ({ name, reason }) =>
          `The health check ${name} of the ${region} region is unhealthy (${reason}). Wait, and look at two-region status --local`,
      );
    }),
  ];
}

async function keptAway({ context: { stage }, control, route }: DrillPlace): Promise<readonly string[]> {
  const said = await Promise.all(
    REGION_TYPES.map(async (region) => {
      const { document } = await route.stores[otherRegion(region)].read();
      return document.route === 'away'
        ? [
            `Traffic keeps away from the ${region} region. Let it return: two-region route-back ${stage} ${region} --local`,
          ]
        : [];
    }),
  );
  const kept = said.flat();
  if (kept.length > 0) return kept;
  const { entries } = await control.status();
  return entries
    .filter(({ region }) => region !== 'primary')
    .map(
      ({ name, region }) =>
        `${name} leads to ${region ?? 'nowhere'}, not to the primary region yet. Wait until DNS has followed.`,
    );
}

async function alarmsOff({ control }: DrillPlace): Promise<readonly string[]> {
  const { alarms } = await control.alarms();
  return alarms
    .filter(({ state }) => state === 'ALARM')
    .map(
      ({ name, region, reason }) =>
        `The alarm ${name} in ${region} is in ALARM: ${reason}. Wait until it is quiet: two-region alarms --local`,
    );
}

async function compareParity({ context, control }: DrillPlace): Promise<{ well: string; problems: readonly string[] }> {
  const [primary, secondary] = await readLocalFacts(context, control);
  const { differences, same } = compareRegions(primary, secondary);
  const names = differences.slice(0, 3).map(({ kind, name }) => `${kind} ${name}`);
  return {
    well: `Both regions have ${same} facts alike.`,
    problems:
      differences.length === 0
        ? []
        : [
            `${differences.length} facts differ between the regions, such as ${names.join(', ')}. See two-region parity ${context.stage} --local`,
          ],
  };
}

async function unequalTables({ context, regions: { regions, credentials } }: DrillPlace) {
  const clientOf = (regionType: RegionType) => {
    const { region, services } = regions[regionType];
    const settings = { region, credentials: credentials.operator, requestHandler: REQUEST_PATIENCE };
    return new DynamoDBClient({ ...settings, endpoint: services.dynamodb ?? '' });
  };
  const clients = { primary: clientOf('primary'), secondary: clientOf('secondary') };
  const tables = await compareTables(clients, tableName(context, '')).finally(() => {
    for (const client of Object.values(clients)) client.destroy();
  });
  const left = tables.filter(({ items }) => items === null).map(({ table }) => table);
  return {
    well: `Both regions hold the same items${left.length === 0 ? '' : `; too many to compare: ${left.join(', ')}`}.`,
    problems: tables
      .filter(({ differing }) => differing.length > 0)
      .map(
        ({ table, differing }) =>
          `${differing.length} items of the table ${table} differ between the regions. ${remedy(context)}`,
      ),
  };
}

function remedy({ stage }: StageContext): string {
  return `Wait for replication, or: two-region return ${stage} primary --local`;
}
