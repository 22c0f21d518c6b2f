import { randomUUID } from 'node:crypto';
import type { Authorization, Authorize, AuthorizeRequest } from '#local/aws-endpoint/authorize.ts';
import { ConnectionBroken } from '#local/aws-endpoint/aws-error.ts';
import type { Clock } from '#local/clock.ts';
import { type Effect, type Failures, pass } from '#local/failure/failure.ts';
import type { FaultsOf } from '#local/gateway/gateway-server.ts';
import type { InvokeFunction, InvokeResult } from '#local/lambda/invoke-result.ts';
import type { RegionModel, RegionType } from '#local/model/model.ts';
import type { ApiKind } from '#local/route53/dns.ts';

/** Makes the tables, buckets and parameters of a region fail: whoever calls them asks IAM first. */
export function failingServices(
  failures: Failures,
  region: RegionType,
  authorize: Authorize,
  clock?: Clock,
): Authorize {
  return (request) => {
    const effect = goneWith(failures, region) ?? failures.faults(region, partsOf(request)).effect();
    return effect
      ? pass(
          effect,
          () => authorize(request),
          () => failed(effect, request),
          clock,
        )
      : authorize(request);
  };
}

/** A region that is gone responds to nobody, operators and their commands included. */
function goneWith(failures: Failures, region: RegionType): Effect | undefined {
  const effect = failures.faults(region, ['region']).effect();
  return effect?.kind === 'refuse' || effect?.kind === 'drop' ? effect : undefined;
}

/** The parts that a call needs. */
function partsOf({ service, resources }: AuthorizeRequest): readonly string[] {
  if (service === 'ssm') return ['parameters'];
  const names = resources.map((arn) => arn.split(':').slice(5).join(':'));
  if (service === 's3') return names.map((name) => `bucket:${name.split('/', 1)[0]}`);
  return names.flatMap((name) => (name.startsWith('table/') ? [`table:${name.split('/')[1]}`] : []));
}

function failed({ kind }: Effect, { service }: AuthorizeRequest): Authorization {
  if (kind === 'refuse') throw new ConnectionBroken();
  const code = service === 's3' ? 'InternalError' : 'InternalServerError';
  return { allowed: false, status: 500, code, message: 'This request was made to fail: two-region local fail.' };
}

/** How a region's gateway of a kind is made to fail, by the names that it is called by. */
export function gatewayFaults(failures: Failures, { type, domains }: RegionModel, kind: ApiKind): FaultsOf {
  const names = new Set(
    domains
      .flatMap(({ domainName, regionalDomainName }) => [domainName, regionalDomainName])
      .map((name) => name.toLowerCase()),
  );
  const everywhere = failures.faults(type, ['region', kind]);
  const byDomain = failures.faults(type, ['region', kind, 'domain']);
  return (host) => (host !== undefined && names.has(host) ? byDomain : everywhere);
}

/** Makes the functions of a region fail. */
export function failingFunctions(
  failures: Failures,
  region: RegionType,
  invoke: InvokeFunction,
  clock?: Clock,
): InvokeFunction {
  return (request) => {
    const effect = failures.faults(region, [`function:${request.functionName}`]).effect();
    return effect ? pass(effect, () => invoke(request), unavailable, clock) : invoke(request);
  };
}

/** Source: AWS Lambda API Reference, "Invoke", `ServiceException`. */
const unavailable = (): InvokeResult => ({
  ok: false,
  kind: 'error',
  requestId: randomUUID(),
  errorType: 'Lambda.ServiceException',
  errorMessage: 'The function was made to fail: two-region local fail.',
});
