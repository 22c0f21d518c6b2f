import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod/mini';
import { signRequest } from '#client/sign-request.ts';
import { errorReason } from '#functions/error-reason.ts';
import { accessOf, clientSettings, REQUEST_PATIENCE } from '#operator/aws/aws-access.ts';
import { inRegion, type StageContext } from '#stacks/context.ts';
import { parameterPath } from '#stacks/naming.ts';
import type { Verdict } from './verdict.ts';

/** Both names of the service, which a connection has in its ARN. Source: AWS CodeConnections API Reference, and that of AWS CodeStar Connections. */
const TARGETS: Readonly<Record<string, string>> = {
  codeconnections: 'com.amazonaws.codeconnections.CodeConnections_20231201.GetConnection',
  'codestar-connections': 'com.amazonaws.codestar.connections.CodeStar_connections_20191201.GetConnection',
};

const responseSchema = z.object({ Connection: z.object({ ConnectionStatus: z.string() }) });

const HOW = 'In the console: Developer Tools, Settings, Connections, "Update pending connection".';

/**
 * Whether the pipeline's connection was confirmed by a person: one that was made by an API is PENDING until then, and each execution fails at its source.
 * The service has no SDK client here, for one question.
 *
 * @throws where Parameter Store does not answer
 */
export async function checkConnection(context: StageContext): Promise<Verdict> {
  const ssm = new SSMClient(clientSettings(accessOf(context), inRegion(context, 'secondary').region));
  const arn = await readConnection(context, ssm);
  if (arn === undefined) {
    const fix = `two-region params put ${context.stage}`;
    return { outcome: 'skipped', found: 'the parameter pipeline_connection_arn is not set', fix };
  }
  const status = await statusOf(arn, ssm);
  if (status === 'AVAILABLE') return { outcome: 'ok', found: 'the connection is available' };
  return {
    outcome: 'warn',
    found: `the connection ${arn} is ${status}, so that no execution has its source`,
    fix: HOW,
  };
}

async function readConnection(context: StageContext, ssm: SSMClient): Promise<string | undefined> {
  try {
    const Name = parameterPath(context, 'pipeline_connection_arn');
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));
    return Parameter?.Value;
  } catch (error) {
    if (error instanceof Error && error.name === 'ParameterNotFound') return undefined;
    throw error;
  }
}

/** @throws Error with what the service says */
async function statusOf(arn: string, ssm: SSMClient): Promise<string> {
  const [, , service = '', region = ''] = arn.split(':');
  const host = process.env.AWS_ENDPOINT_URL ?? `https://${service}.${region}.amazonaws.com`;
  const request = await signRequest(
    {
      method: 'POST',
      url: new URL(host),
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': TARGETS[service] ?? '' },
      body: JSON.stringify({ ConnectionArn: arn }),
    },
    { credentials: await ssm.config.credentials(), region, service },
  );
  const signal = AbortSignal.timeout(REQUEST_PATIENCE.requestTimeout);
  const response = await fetch(request.url, { ...request, body: String(request.body), signal }).catch(
    (cause: unknown) => {
      throw new Error(`${service} in ${region} does not answer: ${errorReason(cause)}`, { cause });
    },
  );
  const text = await response.text();
  if (!response.ok) throw new Error(`${service} in ${region} responds with ${response.status}: ${text}`);
  return responseSchema.parse(JSON.parse(text)).Connection.ConnectionStatus;
}
