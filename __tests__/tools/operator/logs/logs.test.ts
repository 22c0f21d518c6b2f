import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { filterPattern, LogReader } from '#operator/logs/read-logs.ts';
import { stageEvent, stageFunctions, stageLogGroups } from '#operator/logs/stage-log-groups.ts';
import { functionName, prefix } from '#stacks/naming.ts';
import { context } from '#tests/tools/operator/parameters/stores.ts';
import { runHere } from '#tests/tools/operator/run-here.ts';

const TRACE = '1-67891233-abcdef012345678912345678';
const FUNCTION_ID = '5ed95026-f7d2-4442-88b5-6a8e042a85c1';
// What is older than a quarter of an hour is not shown unless it is asked for.
const time = Date.now();
const own = prefix(context);
const userLog = `/aws/lambda/${functionName(context, 'user')}`;
const restLog = `/aws/apigateway/${own}-envA-rest`;

const stored = JSON.stringify({
  level: 'INFO',
  message: 'stored',
  function_arn: `arn:aws:lambda:eu-central-1:000000000000:function:${own}-user:envA`,
  function_request_id: FUNCTION_ID,
  xray_trace_id: TRACE,
  correlation_id: 'gateway-1',
});
const access = (status: string, path = '/user/a1B2c3D4') =>
  JSON.stringify({
    requestId: 'gateway-1',
    xrayTraceId: TRACE,
    httpMethod: 'GET',
    resourcePath: path.replace('a1B2c3D4', '{id}'),
    path,
    status,
    responseLatency: '7',
  });

const logs = mockClient(CloudWatchLogsClient);
beforeEach(() => {
  logs.reset();
  logs.on(FilterLogEventsCommand).resolves({});
});
afterAll(() => logs.restore());

/** What a group holds, in whichever region. */
function holds(logGroupName: string, ...lines: readonly (readonly [string, number?])[]): void {
  const events = lines.map(([message, at = 0], index) => ({ eventId: `${index}`, timestamp: time + at, message }));
  logs.on(FilterLogEventsCommand, { logGroupName }).resolves({ events });
}

const shown = async (...flags: readonly string[]) => {
  const { code, stdout, stderr } = await runHere(['logs', context.stage, '--region', 'primary', ...flags]);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { code, lines: lines.map((line) => line.replace(/^\S+ /, '')), stderr };
};

describe('two-region logs (S3.7)', () => {
  it('shows access logs and functions in one order, in the lines of local logs, without what is routine', async () => {
    holds(
      userLog,
      [`START RequestId: ${FUNCTION_ID} Version: 3\n`],
      [stored, 5],
      [`REPORT RequestId: ${FUNCTION_ID}\tDuration: 3 ms`, 6],
      ['{"environment":"envA","recorded":{"operation":"get-user"}}', 7],
    );
    holds(restLog, [access('200'), 1], [access('200', '/healthcheck'), 2]);
    const { code, lines } = await shown();
    expect(lines).toEqual([
      'access   primary envA 200 GET /user/a1B2c3D4 7 ms',
      `function primary envA ${own}-user INFO stored`,
    ]);
    expect(code).toBe(0);
  });

  it.each<[string[], string[]]>([
    [['--env', 'envA', '--kind', 'function'], ['INFO stored']],
    [['--env', 'envB'], []],
    [
      ['--trace', `Root=${TRACE}`],
      ['200 GET', 'INFO stored'],
    ],
    [['--trace', '1-00000000-abcdef012345678912345678'], []],
    [
      ['--request-id', 'gateway-1'],
      ['200 GET', 'INFO stored'],
    ],
    [['--request-id', FUNCTION_ID], ['INFO stored']],
    [['--level', 'ERROR'], ['Task timed out']],
    [
      ['--operation', 'get-user', '--level', 'INFO'],
      ['200 GET', 'INFO stored', 'Task timed out'],
    ],
    [['--operation', 'post-user', '--kind', 'access'], []],
    [
      ['--function', 'user'],
      ['INFO stored', 'Task timed out'],
    ],
    [['--function', 'test'], []],
  ])('finds by %j', async (flags, found) => {
    holds(
      userLog,
      [stored, 5],
      [`2026-11-29T12:00:01Z ${FUNCTION_ID.replace('5', '6')} Task timed out after 29.00 seconds`, 9],
    );
    holds(restLog, [access('200'), 1]);
    const { lines, stderr } = await shown(...flags);
    expect(lines).toEqual(found.map((text) => expect.stringContaining(text)));
    expect(stderr.includes('No log line matches.')).toBe(found.length === 0);
  });

  it('asks both regions for the groups of all environments and functions, from 15 minutes ago', async () => {
    const { code, stdout } = await runHere(['logs', context.stage, '--json']);
    expect({ code, document: JSON.parse(stdout) }).toEqual({
      code: 0,
      document: { events: [], more: [], problems: [] },
    });
    const asked = logs.commandCalls(FilterLogEventsCommand).map((call) => call.args[0].input);
    const names = stageLogGroups(context, {}).map(({ name }) => name);
    expect(asked.map(({ logGroupName }) => logGroupName).toSorted()).toEqual(names.toSorted());
    expect(names.filter((name) => name === userLog)).toHaveLength(2);
    expect(names.filter((name) => name.endsWith('route-latch'))).toHaveLength(1);
    for (const { startTime = 0 } of asked) expect(Math.abs(Date.now() - 900_000 - startTime)).toBeLessThan(120_000);
    expect(stageFunctions(context, 'primary')).not.toContain('region-watch');
    const there = { ...context, settings: { ...context.settings, activeRegion: 'secondary' as const } };
    expect(stageFunctions(there, 'primary')).toContain('region-watch');
  });

  it('says of a region why it was not read, and ends with 1; the other one is shown', async () => {
    holds(userLog, [stored]);
    logs.on(FilterLogEventsCommand, { logGroupName: restLog }).rejects(new Error('throttled'));
    const { code, stdout, stderr } = await runHere(['logs', context.stage, '--env', 'envA']);
    expect(code).toBe(1);
    expect(stdout.match(/INFO stored/g)).toHaveLength(2);
    expect(stderr).toContain('eu-central-1: throttled\neu-west-1: throttled');
  });

  it('takes a group that is not there for an empty one', async () => {
    logs.on(FilterLogEventsCommand).rejects(Object.assign(new Error('no'), { name: 'ResourceNotFoundException' }));
    expect(await shown()).toMatchObject({ code: 0, lines: [] });
  });

  it.each([
    [['--env', 'envC'], '--env is "envC", allowed are envA, envB, preview.'],
    [['--function', 'usr'], '--function is "usr", allowed are healthcheck, '],
    [['--operation', 'user'], '--operation is "user", allowed are healthcheck, '],
    [['--level', 'LOUD'], 'DEBUG, INFO, WARN, ERROR, CRITICAL'],
  ])('refuses %j with exit code 2 before anything is asked', async (flags, says) => {
    expect(await shown(...flags)).toMatchObject({ code: 2, lines: [], stderr: expect.stringContaining(says) });
    expect(logs.calls()).toEqual([]);
  });
});

describe('a reader of logs', () => {
  it('tells each line once, also one that comes late', async () => {
    const [group] = stageLogGroups(context, { function: 'user', region: 'primary' });
    const client = new CloudWatchLogsClient({ region: 'eu-central-1' });
    const reader = new LogReader(group ? [group] : [], () => client, { since: time });
    const page = (...ids: readonly number[]) => ({
      events: ids.map((id) => ({ eventId: `${id}`, timestamp: time + id * 1000, message: `line ${id}` })),
    });
    logs
      .on(FilterLogEventsCommand)
      .resolvesOnce({ ...page(1), nextToken: 'more' })
      .resolvesOnce(page(60))
      .resolvesOnce(page(50, 60, 61));
    const told = async () => (await reader.look()).events.map(({ line }) => line);
    expect(await told()).toEqual(['line 1', 'line 60']);
    expect(await told()).toEqual(['line 50', 'line 61']);
    const starts = logs.commandCalls(FilterLogEventsCommand).map((call) => call.args[0].input.startTime);
    expect(starts).toEqual([time, time, time + 45_000]);
  });

  it('lets CloudWatch Logs leave out what it can', () => {
    expect(filterPattern({}, 'access')).toBeUndefined();
    expect(filterPattern({ level: 'INFO' }, 'function')).toBeUndefined();
    expect(filterPattern({ requestId: 'a"b', traceId: `Root=${TRACE}` }, 'access')).toBe(`"a\\"b" "${TRACE}"`);
    expect(filterPattern({ level: 'ERROR' }, 'access')).toBe('{ $.status = "5*" }');
    expect(filterPattern({ level: 'ERROR' }, 'function')).toBe(
      '?"ERROR" ?"CRITICAL" ?"Invoke Error" ?"Task timed out" ?"Runtime exited"',
    );
  });

  it('takes the environment of a metric line, and no id in it for the function', () => {
    const [group] = stageLogGroups(context, { function: 'events', region: 'primary', kinds: ['function'] });
    const line = JSON.stringify({
      _aws: {},
      xray_trace_id: TRACE,
      environment: 'envA',
      EventsStored: 1,
      requestId: FUNCTION_ID,
    });
    expect(group && stageEvent(group, time, line)).toMatchObject({
      environment: 'envA',
      requestId: '',
      traceId: TRACE,
    });
  });

  it('knows a line of no logger by the ids in it', () => {
    const [group] = stageLogGroups(context, { function: 'user', region: 'primary', kinds: ['function'] });
    expect(
      group && stageEvent(group, time, `${new Date(time).toISOString()}\t${FUNCTION_ID}\tERROR\tInvoke Error`),
    ).toMatchObject({
      kind: 'function',
      requestId: FUNCTION_ID,
      environment: '',
      region: 'primary',
      logGroup: userLog,
    });
  });
});
