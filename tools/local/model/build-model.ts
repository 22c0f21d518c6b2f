import type { EvaluatedResource, Evaluation } from '#local/terraform/evaluation.ts';
import { readAlarms } from './alarms.ts';
import { readBuckets, readLogGroups, readTables } from './data-stores.ts';
import { readDistributions } from './distributions.ts';
import { readDnsRecords } from './dns-records.ts';
import { readDomains } from './domains.ts';
import { readFunctions } from './functions.ts';
import { readHealthChecks } from './health-checks.ts';
import { readHttpApis } from './http-api/http-apis.ts';
import { readRoles } from './iam/roles.ts';
import type { LocalModel, RegionModel, RegionType, Role } from './model.ts';
import { ModelError } from './model-error.ts';
import { ResourceReader, type Unserved } from './resource-reader.ts';
import { readRestApis } from './rest-api/rest-apis.ts';
import { readSchedules } from './schedules.ts';
import { readUsagePlans } from './usage-plans.ts';
import { readWebAcls } from './waf/web-acls.ts';

interface ModelOptions {
  readonly stage: string;
  /** For example `eu-central-1`. */
  readonly primaryRegion: string;
  readonly secondaryRegion: string;
}

/**
 * Makes the two regions out of evaluated resources.
 *
 * @throws ModelError with everything that isn't as the runtime needs it, each with stack and address
 */
export function buildModel(
  evaluation: Pick<Evaluation, 'resources' | 'unknownFunctions'>,
  options: ModelOptions,
): LocalModel {
  const reader = new ResourceReader(evaluation.resources);
  const model = {
    ...readModel(reader, options),
    // Known once everything is read.
    unserved: groupByType([
      ...[...reader.unserved, ...elsewhere(evaluation.resources, options)].map(({ name, resource }) => ({
        name,
        where: `${resource.stack}: ${resource.address}`,
      })),
      ...(evaluation.unknownFunctions ?? []).map(({ stack, name }) => ({
        name: `the function ${name}()`,
        where: stack,
      })),
    ]),
  };
  if (reader.failures.length > 0) throw new ModelError(reader.failures);
  return model;
}

/** What the reader's resources make, without looking at what they leave out. */
export function readModel(reader: ResourceReader, options: ModelOptions): Omit<LocalModel, 'unserved'> {
  // Data sources are answered while the stacks are evaluated.
  for (const type of [
    'aws_caller_identity',
    'aws_iam_policy_document',
    'aws_partition',
    'aws_region',
    'aws_ssm_parameter',
    'aws_ssm_parameters_by_path',
  ]) {
    reader.serve('data', type);
  }
  // What a deploy leaves for later deploys, which are none here.
  reader.serve('managed', 'aws_ssm_parameter');
  const buildRegion = regionBuilder(reader);
  return {
    stage: options.stage,
    regions: {
      primary: buildRegion('primary', options.primaryRegion),
      secondary: buildRegion('secondary', options.secondaryRegion),
    },
    dns: { ...readHealthChecks(reader), records: readDnsRecords(reader) },
    distributions: readDistributions(reader),
    alarms: readAlarms(reader),
  };
}

function regionBuilder(reader: ResourceReader): (type: RegionType, region: string) => RegionModel {
  const roles = readRoles(reader);
  const madeRoles = new Set(roles.map(({ arn }) => arn));
  const functions = readFunctions(reader, madeRoles);
  const schedules = readSchedules(reader, functions);
  const restApis = readRestApis(reader);
  const httpApis = readHttpApis(reader);
  const usagePlans = readUsagePlans(reader);
  const domains = readDomains(reader);
  const tables = readTables(reader);
  const buckets = readBuckets(reader);
  const logGroups = readLogGroups(reader);
  const webAcls = readWebAcls(reader);
  return (type, region) => {
    const itsFunctions = inRegion(functions, region);
    const [itsRestApis, itsHttpApis] = [inRegion(restApis, region), inRegion(httpApis, region)];
    const integrations = [
      ...itsRestApis.flatMap(({ methods }) => methods.map(({ integration }) => integration)),
      ...itsHttpApis.flatMap(({ routes }) => routes.map(({ integration }) => integration)),
    ];
    const invokers = new Set(integrations.flatMap(({ credentials }) => credentials ?? []));
    const usedRoles = new Set(itsFunctions.map(({ roleArn }) => roleArn));
    return {
      type,
      region,
      functions: itsFunctions,
      schedules: inRegion(schedules, region),
      roles: [
        ...roles
          .filter((role) => role.region === region || usedRoles.has(role.arn) || invokers.has(role.arn))
          .map(withoutRegion),
        ...[...usedRoles].filter((arn) => !madeRoles.has(arn)).map(roleOfOthers),
      ],
      restApis: itsRestApis,
      httpApis: itsHttpApis,
      usagePlans: inRegion(usagePlans, region),
      domains: inRegion(domains, region),
      tables: inRegion(tables, region),
      buckets: inRegion(buckets, region),
      logGroups: inRegion(logGroups, region),
      webAcls: inRegion(webAcls, region),
    };
  };
}

/** Nobody here knows what it may do, so it may do nothing. */
function roleOfOthers(arn: string): Role {
  return { name: arn.split('/').at(-1) ?? arn, arn, statements: [] };
}

function inRegion<Item extends { readonly region: string }>(items: readonly Item[], region: string) {
  return items.filter((item) => item.region === region).map(withoutRegion);
}

function withoutRegion<Item extends { readonly region: string }>({ region: _, ...rest }: Item): Omit<Item, 'region'> {
  return rest;
}

/** Types that a region serves. */
const regionalTypes: ReadonlySet<string> = new Set([
  'aws_api_gateway_rest_api',
  'aws_apigatewayv2_api',
  'aws_dynamodb_table',
  'aws_lambda_function',
  'aws_s3_bucket',
]);

/** What is in a region that is neither of the two. */
function elsewhere(
  resources: readonly EvaluatedResource[],
  { primaryRegion, secondaryRegion }: ModelOptions,
): Unserved[] {
  return resources
    .filter(({ mode, type }) => mode === 'managed' && regionalTypes.has(type))
    .filter(({ region }) => region !== primaryRegion && region !== secondaryRegion)
    .map((resource) => ({ name: `${resource.type} in ${resource.region || 'no region'}`, resource }));
}

function groupByType(unserved: readonly { readonly name: string; readonly where: string }[]): LocalModel['unserved'] {
  const types = new Map<string, string[]>();
  for (const { name, where } of unserved) types.set(name, [...(types.get(name) ?? []), where]);
  return [...types].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, addresses]) => ({ type, addresses }));
}
