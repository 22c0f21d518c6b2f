import type { CredentialStore, Credentials } from '#local/iam/credential-store.ts';
import type { LocalModel, RegionModel, RegionType } from '#local/model/model.ts';
import type { PublicName } from './start-public-name.ts';
import type { Region } from './start-region.ts';

/** What a started runtime tells its user; `two-region local --json` prints it. */
export interface RuntimeSummary {
  readonly stage: string;
  /** URL of the REST API's public name on this machine: `http://127.0.0.1:3000`. */
  readonly entry: string;
  /** The public name itself. */
  readonly name: string;
  /** The same of the HTTP API; absent when no name leads to one. */
  readonly httpEntry?: string;
  readonly httpName?: string;
  /** Of the environment that the public name leads to; empty when its routes need none. */
  readonly apiKey: string;
  /** Every key, with the environments that it opens. */
  readonly apiKeys: readonly { readonly value: string; readonly environments: readonly string[] }[];
  /** Of a user who may call every route for IAM principals. */
  readonly invoker: Credentials;
  /** Of a user who may call none of them. */
  readonly stranger: Credentials;
  readonly regions: Readonly<Record<RegionType, RegionSummary>>;
  /** Resource types that the runtime doesn't serve, with their addresses. */
  readonly unserved: LocalModel['unserved'];
}

export interface RegionSummary {
  /** AWS region. */
  readonly region: string;
  /** URL of the region's REST gateway. */
  readonly url: string;
  /** Environment that the public name leads to in this region; absent: none. */
  readonly target?: string;
  /** Environment → URL that the REST API's paths are appended to. */
  readonly environments: Readonly<Record<string, string>>;
  /** The same of the HTTP API. */
  readonly httpEnvironments: Readonly<Record<string, string>>;
}

export interface SummarizedParts {
  readonly model: LocalModel;
  readonly regions: Readonly<Record<RegionType, Region>>;
  readonly rest: PublicName;
  readonly http: PublicName | undefined;
  readonly credentials: Pick<CredentialStore, 'allowedInvoker' | 'deniedInvoker'>;
}

export function summarize({ model, regions, rest, http, credentials }: SummarizedParts): RuntimeSummary {
  const target = targetOf(model.regions.primary, rest.name);
  const apiKeys = apiKeysOf(model.regions.primary);
  const summaryOf = (type: RegionType) => summarizeRegion(model.regions[type], regions[type], rest.name);
  return {
    stage: model.stage,
    entry: rest.entry.url,
    name: rest.name,
    ...(http && { httpEntry: http.entry.url, httpName: http.name }),
    apiKey: apiKeys.find(({ environments }) => target !== undefined && environments.includes(target))?.value ?? '',
    apiKeys,
    invoker: credentials.allowedInvoker.credentials,
    stranger: credentials.deniedInvoker.credentials,
    regions: { primary: summaryOf('primary'), secondary: summaryOf('secondary') },
    unserved: model.unserved,
  };
}

function targetOf({ domains }: RegionModel, publicName: string): string | undefined {
  return domains.find(({ domainName }) => domainName === publicName)?.mappings[0]?.stage;
}

function apiKeysOf({ usagePlans }: RegionModel): RuntimeSummary['apiKeys'] {
  return usagePlans.flatMap(({ keys, apiStages }) => {
    const environments = apiStages.map(({ stage }) => stage);
    return keys.filter((key) => key.enabled).map(({ value }) => ({ value, environments }));
  });
}

function summarizeRegion(model: RegionModel, { gateways: { rest, http } }: Region, publicName: string): RegionSummary {
  const { region, restApis, httpApis = [] } = model;
  const target = targetOf(model, publicName);
  const urlsAt = (url: string, apis: readonly { readonly stages: readonly { readonly name: string }[] }[]) =>
    Object.fromEntries(apis.flatMap((api) => api.stages.map(({ name }) => [name, stageUrl(url, name)])));
  return {
    region,
    url: rest.url,
    ...(target !== undefined && { target }),
    environments: urlsAt(rest.url, restApis),
    httpEnvironments: urlsAt(http.url, httpApis),
  };
}

/** The stage `$default` of an HTTP API has no segment of its own. */
function stageUrl(url: string, stage: string): string {
  return stage === '$default' ? url : `${url}/${stage}`;
}
