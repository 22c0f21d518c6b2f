import { type CloudWatchLogsClient, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import type { Fact } from '../fact.ts';

/** How long the stage's log groups keep their events. */
export async function retentionFacts(client: CloudWatchLogsClient, prefix: string): Promise<readonly Fact[]> {
  const facts = ['/aws/lambda/', '/aws/apigateway/'].map(async (service) => {
    const found: Fact[] = [];
    const pages = paginateDescribeLogGroups({ client }, { logGroupNamePrefix: `${service}${prefix}-` });
    for await (const { logGroups = [] } of pages) {
      found.push(
        ...logGroups.map(({ logGroupName = '', retentionInDays }) => ({
          kind: 'log retention',
          name: logGroupName,
          value: retentionInDays === undefined ? 'for ever' : `${retentionInDays} days`,
        })),
      );
    }
    return found;
  });
  return (await Promise.all(facts)).flat();
}
