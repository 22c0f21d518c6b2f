import type { ApiKind } from '#operator/live/live-region.ts';

/** A deployment of a gateway. */
export interface GatewayDeployment {
  readonly id: string;
  /** Environment that it was made for. */
  readonly environment: string;
  readonly created: Date;
}

/** What a switch asks one region beyond what `status` does. */
export interface SwitchRegionPort {
  deployments(kind: ApiKind, apiId: string): Promise<readonly GatewayDeployment[]>;
  /** Source ARNs, with wildcards, from which API Gateway may invoke an alias. */
  invokers(functionName: string, alias: string): Promise<readonly string[]>;
  /** Name that API Gateway gave to the REST API's public name in this region. */
  regionalHost(domainName: string): Promise<string | undefined>;
}
