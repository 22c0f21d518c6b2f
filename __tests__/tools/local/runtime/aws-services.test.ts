import { afterEach, expect, it } from 'vitest';
import { MetricStore } from '#local/cloudwatch/metric-store.ts';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { AWS_SERVICES, SERVED_PREFIXES, startAwsServices } from '#local/runtime/aws-services.ts';
import { Startup } from '#local/runtime/startup.ts';
import { twoRegions } from '#tests/tools/local/support/two-regions.ts';

const CLOUDWATCH = 'GraniteServiceVersion20100801';
const startup = new Startup();
afterEach(() => startup.close());

it('S0.3: every service of the list answers in both regions, asks IAM under its own prefix, and ends with the startup', async () => {
  const { regions } = twoRegions('/nowhere');
  const asked = new Set<string>();
  const log = new RuntimeLog();
  const authorize = async ({ service }: { readonly service: string }) => {
    asked.add(service);
    return { allowed: true as const };
  };
  const watching = { metrics: new MetricStore(1), alarms: () => [] };
  const context = { parameters: {}, authorize, log, watching };
  const { urls, links } = await startAwsServices(
    startup,
    { primary: { ...context, model: regions.primary }, secondary: { ...context, model: regions.secondary } },
    { lagMilliseconds: 0, log },
  );
  const names = AWS_SERVICES.map(({ name }) => name);
  expect(Object.keys(urls.primary)).toEqual(names);
  expect(new Set([...Object.values(urls.primary), ...Object.values(urls.secondary)]).size).toBe(names.length * 2);
  expect(names.every((name) => SERVED_PREFIXES.has(name))).toBe(true);
  expect(links).toHaveLength(2);
  const target = {
    dynamodb: 'DynamoDB_20120810.ListTables',
    ssm: 'AmazonSSM.DescribeParameters',
    cloudwatch: `${CLOUDWATCH}.DescribeAlarms`,
  };
  for (const [name, operation] of Object.entries(target)) {
    const response = await fetch(urls.secondary[name] ?? '', {
      method: 'POST',
      headers: { 'x-amz-target': operation },
      body: '{}',
    });
    expect(response.status).toBe(200);
  }
  expect([...asked]).toEqual(['dynamodb', 'ssm', 'monitoring']);
  await startup.close();
  await expect(fetch(urls.primary.ssm ?? '')).rejects.toThrow();
});
