import {
  type CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  ListTagsForResourceCommand,
  paginateDescribeLogGroups,
} from '@aws-sdk/client-cloudwatch-logs';
import type { StageContext } from '#stacks/context.ts';
import {
  functionLogGroup,
  HTTP_ACCESS_LOGS,
  httpAccessLogGroup,
  prefix,
  REST_ACCESS_LOGS,
  restAccessLogGroup,
  SCHEDULED_FUNCTIONS,
} from '#stacks/naming.ts';
import { type LogGroup, UNKNOWN_TIME } from './leftovers.ts';

/**
 * Log groups of functions and gateway stages that there are no more. Their names are those of the stage's, and they carry the tags of its stacks:
 * other applications may have alike names.
 *
 * @param functions - that there are, or that environments run
 * @param environments - that there are, or that settings name
 */
export async function forgottenLogGroups(
  client: CloudWatchLogsClient,
  context: StageContext,
  functions: readonly string[],
  environments: readonly string[],
): Promise<readonly LogGroup[]> {
  const own = prefix(context);
  const needed = new Set([
    // No release's, so no record names them.
    ...[...functions, ...SCHEDULED_FUNCTIONS].map((name) => functionLogGroup(context, name)),
    ...environments.flatMap((name) => [restAccessLogGroup(context, name), httpAccessLogGroup(context, name)]),
  ]);
  const found: LogGroup[] = [];
  for (const start of ['/aws/lambda/', REST_ACCESS_LOGS, HTTP_ACCESS_LOGS]) {
    for await (const page of paginateDescribeLogGroups({ client }, { logGroupNamePrefix: `${start}${own}-` })) {
      for (const { logGroupName: name = '', arn = '', storedBytes = 0, creationTime } of page.logGroups ?? []) {
        if (needed.has(name)) continue;
        const { tags = {} } = await client.send(
          new ListTagsForResourceCommand({ resourceArn: arn.replace(/:\*$/, '') }),
        );
        if (tags.app !== context.settings.appName || tags.stage !== context.stage) continue;
        const { logStreams: [last] = [] } = await client.send(
          new DescribeLogStreamsCommand({ logGroupName: name, orderBy: 'LastEventTime', descending: true, limit: 1 }),
        );
        const written = new Date(Math.max(last?.lastEventTimestamp ?? 0, creationTime ?? UNKNOWN_TIME.getTime()));
        found.push({ name, bytes: storedBytes, written });
      }
    }
  }
  return found;
}
