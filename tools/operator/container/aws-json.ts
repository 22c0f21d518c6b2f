import { SSMClient } from '@aws-sdk/client-ssm';
import { signRequest } from '#client/sign-request.ts';
import { accessOf, clientSettings, REQUEST_PATIENCE } from '#operator/aws/aws-access.ts';
import type { StageContext } from '#stacks/context.ts';
import { serviceHost } from '#stacks/settings/partitions.ts';

/** A service of AWS's JSON protocol: what its requests are signed for, where they go, what its operations are called. */
interface JsonService {
  readonly signedFor: string;
  /** First part of its host. */
  readonly host: string;
  /** What `AWS_ENDPOINT_URL_…` calls it. */
  readonly variable: string;
  readonly target: string;
}

/** Source: the services' API references, "Making API requests"; AWS SDKs and Tools Reference Guide, "Service-specific endpoints". */
const SERVICES = {
  codedeploy: { signedFor: 'codedeploy', host: 'codedeploy', variable: 'CODEDEPLOY', target: 'CodeDeploy_20141006' },
  ecs: { signedFor: 'ecs', host: 'ecs', variable: 'ECS', target: 'AmazonEC2ContainerServiceV20141113' },
  ecr: { signedFor: 'ecr', host: 'api.ecr', variable: 'ECR', target: 'AmazonEC2ContainerRegistry_V20150921' },
} as const satisfies Readonly<Record<string, JsonService>>;

/** Asks an operation of a service, and gives what it answers. @throws AwsJsonError */
export type AskAws = (service: keyof typeof SERVICES, operation: string, input: object) => Promise<unknown>;

/** What a service refuses; the name is AWS's: `DeploymentGroupDoesNotExistException`. */
class AwsJsonError extends Error {}

/**
 * ECS, ECR and CodeDeploy of a region, of which a dozen operations are used: each has an SDK client of its own, as large as all that is asked here.
 * Credentials, profile and endpoints are those of the SDK.
 */
export function awsJson(context: StageContext, region: string): AskAws {
  const settings = clientSettings(accessOf(context), region);
  const { config } = new SSMClient(settings);
  return async (name, operation, input) => {
    const service = SERVICES[name];
    const own = process.env[`AWS_ENDPOINT_URL_${service.variable}`] ?? process.env.AWS_ENDPOINT_URL;
    const request = {
      method: 'POST',
      url: new URL(own ?? `https://${serviceHost(service.host, region)}/`),
      headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${service.target}.${operation}` },
      body: JSON.stringify(input),
    };
    const credentials = await config.credentials();
    const { url, headers } = await signRequest(request, { credentials, region, service: service.signedFor });
    const response = await fetch(url, {
      method: request.method,
      headers,
      body: request.body,
      signal: AbortSignal.timeout(REQUEST_PATIENCE.requestTimeout),
    });
    const text = await response.text();
    if (response.ok) return text === '' ? {} : JSON.parse(text);
    throw refusal(text, `${name}:${operation} in ${region}`, response.status);
  };
}

function refusal(text: string, what: string, status: number): AwsJsonError {
  const fields: Readonly<Record<string, unknown>> = text.startsWith('{') ? JSON.parse(text) : {};
  const message = fields.message ?? fields.Message ?? `HTTP status ${status}`;
  const error = new AwsJsonError(`${what}: ${message}`);
  error.name = String(fields.__type ?? 'UnknownError').replace(/^.*#/, '');
  return error;
}
