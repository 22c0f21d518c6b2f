/** What of an API and its stage the requests report. */
interface Stage {
  readonly name: string;
  readonly deploymentId: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** Facts of a stage that its requests report. */
export interface StageFacts {
  readonly accountId: string;
  readonly apiId: string;
  readonly executionArn: string;
  readonly region: string;
  readonly stage: string;
  readonly deploymentId: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** @param region - `eu-central-1` */
export function stageFacts(
  api: { readonly id: string; readonly executionArn: string },
  stage: Stage,
  region: string,
): StageFacts {
  return {
    accountId: api.executionArn.split(':')[4] ?? '',
    apiId: api.id,
    executionArn: api.executionArn,
    region,
    stage: stage.name,
    deploymentId: stage.deploymentId,
    variables: stage.variables,
  };
}
