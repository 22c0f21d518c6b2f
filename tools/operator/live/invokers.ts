import { GetPolicyCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import { unlessAbsent } from '#operator/aws/absent.ts';

const oneOrMore = z.union([z.string(), z.array(z.string())]);

const policySchema = z.object({
  Statement: z.array(
    z.object({
      Effect: z.string(),
      Principal: z.union([z.string(), z.record(z.string(), oneOrMore)]),
      Action: oneOrMore,
      Condition: z.optional(z.record(z.string(), z.record(z.string(), oneOrMore))),
    }),
  ),
});

/** Source ARNs from which API Gateway may invoke an alias. Empty when there is no such alias, or nothing is permitted. */
export async function aliasInvokers(
  client: LambdaClient,
  FunctionName: string,
  Qualifier: string,
): Promise<readonly string[]> {
  const answer = await unlessAbsent(client.send(new GetPolicyCommand({ FunctionName, Qualifier })));
  return answer?.Policy === undefined ? [] : invokersIn(answer.Policy);
}

/**
 * Source ARNs from which API Gateway may invoke what a policy is for; `*` for a statement without that condition.
 *
 * Source: AWS Lambda Developer Guide, "Granting Lambda function access to AWS services", with the condition `AWS:SourceArn`.
 */
export function invokersIn(policy: string): readonly string[] {
  const { Statement } = policySchema.parse(JSON.parse(policy));
  return Statement.flatMap(({ Effect, Principal, Action, Condition }) => {
    const services = typeof Principal === 'string' ? [Principal] : all(Principal.Service);
    const isInvoker =
      Effect === 'Allow' &&
      services.some((service) => service === 'apigateway.amazonaws.com' || service === '*') &&
      all(Action).some((action) => action === 'lambda:InvokeFunction' || action === 'lambda:*');
    return isInvoker ? sourceArns(Condition) : [];
  });
}

function sourceArns(condition: Readonly<Record<string, Readonly<Record<string, string | string[]>>>> = {}): string[] {
  const found = Object.values(condition).flatMap((keys) =>
    Object.entries(keys).flatMap(([key, values]) => (key.toLowerCase() === 'aws:sourcearn' ? all(values) : [])),
  );
  return found.length === 0 ? ['*'] : found;
}

function all(values: string | readonly string[] | undefined): readonly string[] {
  if (values === undefined) return [];
  return typeof values === 'string' ? [values] : values;
}
