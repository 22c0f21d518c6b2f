import type { ApiKind, LiveFunction, LiveGatewayStage } from './live-region.ts';

/** What AWS is asked about one region. Names are physical; what isn't there comes back as `undefined`. */
export interface RegionPort {
  /** Stage that a public name is mapped to. */
  mappedStage(kind: ApiKind, domainName: string): Promise<string | undefined>;
  apiId(kind: ApiKind, apiName: string): Promise<string | undefined>;
  /** Every stage of a gateway, by name. */
  stages(kind: ApiKind, apiId: string): Promise<ReadonlyMap<string, LiveGatewayStage>>;
  /** Every alias of a function, by name. Empty when there is no such function. */
  aliases(functionName: string): Promise<ReadonlyMap<string, LiveFunction>>;
}

/** A health check as Route 53 keeps it. */
export interface EndpointCheck {
  readonly id: string;
  /** Host that is asked. */
  readonly fqdn: string;
  readonly resourcePath: string;
}

/** What Route 53 is asked; it is one for all regions. */
export interface HealthPort {
  endpointChecks(): Promise<readonly EndpointCheck[]>;
  /** What each health checker saw last: `Success: …`, `Failure: …`. */
  observations(healthCheckId: string): Promise<readonly string[]>;
}
