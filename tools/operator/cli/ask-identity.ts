import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { accessOf, clientSettings } from '#operator/aws/aws-access.ts';
import type { StageContext } from '#stacks/context.ts';
import { explainingCredentials } from './credentials-error.ts';

/** Whom AWS takes a stage's credentials for, and how late it is there. */
export interface Identity {
  readonly account: string;
  readonly arn: string;
}

export interface IdentityAnswer {
  /** Throws as AWS refused. */
  readonly identity: () => Identity;
  /** How far this machine's clock is ahead of AWS's, in milliseconds; `undefined` when there was no answer to take it from. */
  readonly clockAhead?: number;
}

/**
 * Asks a region's STS who is asking. That needs no permission, and a region that is not enabled refuses it.
 *
 * Source: AWS STS API Reference, "GetCallerIdentity"; AWS General Reference, "Managing AWS Regions".
 */
export async function askIdentity(context: StageContext, region: string): Promise<IdentityAnswer> {
  const access = accessOf(context);
  const sts = new STSClient({ ...clientSettings(access, region), maxAttempts: 2 });
  let clockAhead: number | undefined;
  sts.middlewareStack.add(
    (next) => async (input) => {
      const sent = Date.now();
      const result = await next(input);
      const there = dateOf(result.response);
      if (there !== undefined) clockAhead = (sent + Date.now()) / 2 - there;
      return result;
    },
    // The innermost: a refusal is still an answer here, with a date.
    { step: 'deserialize', priority: 'low', name: 'clockAhead' },
  );
  try {
    const asked = () => sts.send(new GetCallerIdentityCommand({}));
    const { Account: account = '', Arn: arn = '' } = await explainingCredentials(access, asked);
    return { identity: () => ({ account, arn }), ...(clockAhead !== undefined && { clockAhead }) };
  } catch (error) {
    const identity = () => {
      throw error;
    };
    return { identity, ...(clockAhead !== undefined && { clockAhead }) };
  }
}

/** `Date` of an HTTP answer (RFC 9110, 6.6.1) as milliseconds since 1970. */
function dateOf(response: unknown): number | undefined {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return undefined;
  const { headers } = response;
  if (typeof headers !== 'object' || headers === null || !('date' in headers)) return undefined;
  const time = Date.parse(String(headers.date));
  return Number.isNaN(time) ? undefined : time;
}
