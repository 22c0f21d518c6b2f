import type { RegionsMessage } from '#local/control/regions-schema.ts';
import type { Failure } from '#local/failure/failure.ts';
import { RefusedError } from '#operator/cli/errors.ts';
import type { Journey } from './load/journeys.ts';

/** In the order in which `all` runs them. */
export const SCENARIO_NAMES = [
  'lose-region',
  'drop-packets',
  'slow-region',
  'errors',
  'lose-table',
  'lose-domain',
  'partition',
  'flap',
  'lose-function',
  'overload',
] as const;
export type ScenarioName = (typeof SCENARIO_NAMES)[number];

/** Those of a stage on AWS: what they break ends by itself, or keeps nobody from being served. */
export const AWS_SCENARIO_NAMES = ['route-away', 'lose-table'] as const;
export type AwsScenarioName = (typeof AWS_SCENARIO_NAMES)[number];

/** In the local runtime and on AWS. */
export const ALL_SCENARIO_NAMES = [...new Set([...SCENARIO_NAMES, ...AWS_SCENARIO_NAMES])] as const;

/** What is done: a part of the primary region fails, now and again, or all the time; the regions are cut off from each other; more is asked than is taken. */
export type Fault =
  | { readonly kind: 'fail' | 'flap'; readonly failure: Failure }
  | { readonly kind: 'overload' | 'partition' }
  /** Traffic is led away by the object that says so. */
  | { readonly kind: 'route-away' };

/** One drill: what is done, and what must come of it. */
export interface Scenario {
  readonly name: AwsScenarioName | ScenarioName;
  readonly title: string;
  /** What is done, as a sentence. */
  readonly done: string;
  readonly fault: Fault;
  /** Whether traffic must go to the other region, must stay, or does what the health checks are predicted to make of it. */
  readonly traffic: 'as predicted' | 'moves' | 'stays';
  /** `told`: operators must hear of it, as nothing else does. */
  readonly alarms: 'any' | 'quiet' | 'told';
}

const refuse = { kind: 'refuse' } as const;
/** Longer than a health checker waits, wherever it is. */
const SLOW_MILLISECONDS = 5000;
const ERROR_SHARE = 0.2;

/**
 * The scenario of a name, for a runtime and the traffic of its contract.
 *
 * @throws RefusedError where the contract has nothing that it could be done to
 */
export function scenarioOf(name: ScenarioName, journeys: readonly Journey[], regions: RegionsMessage): Scenario {
  const failing = (title: string, done: string, failure: Failure, rest: Pick<Scenario, 'alarms' | 'traffic'>) =>
    ({ name, title, done, fault: { kind: 'fail', failure }, ...rest }) satisfies Scenario;
  const moves = { traffic: 'moves', alarms: 'any' } as const;
  const unnoticed = { traffic: 'as predicted', alarms: 'told' } as const;
  switch (name) {
    case 'lose-region':
      return failing(
        'A region is lost',
        'The primary region refuses connections.',
        { part: 'region', mode: refuse },
        moves,
      );
    case 'drop-packets':
      return failing(
        'A region is silent',
        'All packets to the primary region are dropped.',
        { part: 'region', mode: { kind: 'drop' } },
        moves,
      );
    case 'slow-region':
      return failing(
        'A region is slow',
        `The primary region responds ${SLOW_MILLISECONDS / 1000} s later.`,
        { part: 'region', mode: { kind: 'slow', milliseconds: SLOW_MILLISECONDS } },
        moves,
      );
    case 'errors':
      return failing(
        'One request in five fails',
        `${ERROR_SHARE * 100} % of the requests to the primary region get a 500.`,
        { part: 'region', mode: { kind: 'errors', share: ERROR_SHARE } },
        unnoticed,
      );
    case 'lose-table': {
      const table = tableOf(journeys, regions);
      return failing(
        'A table is lost',
        `The table ${table} of the primary region is gone.`,
        { part: `table:${table}`, mode: refuse },
        unnoticed,
      );
    }
    case 'lose-function': {
      const [journey] = requireJourneys(name, journeys);
      const part = `function:${journey.write.function}`;
      return failing(
        'A function is lost',
        `The function ${journey.write.function} of the primary region cannot be invoked.`,
        { part, mode: refuse },
        unnoticed,
      );
    }
    case 'lose-domain':
      return failing(
        'The custom domains are lost',
        'The custom domains of the primary region refuse connections.',
        { part: 'domain', mode: refuse },
        { traffic: 'as predicted', alarms: 'any' },
      );
    case 'flap':
      return {
        name,
        title: 'A region comes and goes',
        done: 'The primary region refuses connections three times, each time for less long than a health check needs to notice.',
        fault: { kind: 'flap', failure: { part: 'region', mode: refuse } },
        traffic: 'stays',
        alarms: 'any',
      };
    case 'partition':
      return {
        name,
        title: 'The regions are cut off from each other',
        done: 'Nothing replicates between the regions; clients reach both, and write to both.',
        fault: { kind: 'partition' },
        traffic: 'stays',
        alarms: 'quiet',
      };
    case 'overload':
      return {
        name,
        title: 'More is asked than is taken',
        done: 'Holders of the API key ask for four times what its usage plan allows.',
        fault: { kind: 'overload' },
        traffic: 'stays',
        alarms: 'any',
      };
  }
}

function requireJourneys(name: ScenarioName, [first, ...rest]: readonly Journey[]): readonly [Journey, ...Journey[]] {
  if (first) return [first, ...rest];
  throw new RefusedError(
    `${name} needs an operation that writes and a GET of the same path, each with an example: the contract has none.`,
  );
}

/** The table that the first operation writes to, as the function's environment names it. */
function tableOf(journeys: readonly Journey[], { regions }: RegionsMessage): string {
  const all = requireJourneys('lose-table', journeys);
  for (const { write } of all) {
    const own = regions.primary.functions.find(({ name }) => name.endsWith(`-${write.function}`));
    const environment = own?.versions.at(-1)?.environment ?? {};
    for (const [variable, actions] of Object.entries(write.access)) {
      const table = environment[variable];
      if (table !== undefined && actions.some((action) => action.startsWith('dynamodb:'))) return table;
    }
  }
  throw new RefusedError('lose-table needs an operation that writes to a table: the contract has none.');
}
