import { describe, expect, it } from 'vitest';
import { parseSettings, SettingsError } from '#stacks/settings/index.ts';
import { settingsText } from './settings-text.ts';

function problemsOf(text: string): readonly string[] {
  try {
    parseSettings(text, 'settings.conf');
  } catch (error) {
    if (error instanceof SettingsError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('S0.1 settings', () => {
  it('fills every optional key with a default', () => {
    expect(parseSettings(settingsText(), 'settings.conf')).toMatchObject({
      appName: 'two-region-api',
      stages: ['dev', 'prod'],
      apiEnvironments: ['envA', 'envB'],
      initialStacks: ['data', 'base-primary', 'base-secondary'],
      profiles: {},
      routingPolicy: 'failover',
      routingWeights: { primary: 50, secondary: 50 },
      activeRegion: 'primary',
      dnsHealthCheck: 'shallow',
      failback: 'manual',
      routeAway: 'watch',
      objectReplication: 'none',
      ownKeys: [],
      objectives: {},
      cors: { allowOrigins: ['*'], allowCredentials: false, maxAgeSeconds: 3600 },
      usagePlan: { rateLimit: 50, burstLimit: 100, quota: { limit: 1_000_000, period: 'MONTH' } },
      previewUsagePlan: { rateLimit: 5, burstLimit: 10, quota: { limit: 10_000, period: 'DAY' } },
      logRetentionDays: 30,
      tidy: { keepNewest: 5, afterDays: 30 },
      routeThrottle: { rateLimit: 2000, burstLimit: 1000 },
      wafRateLimit: 1000,
      wafCountedRules: ['SizeRestrictions_BODY'],
      lintAllow: [expect.stringMatching(/^get-that-writes /), expect.stringMatching(/^waf-coverage /)],
      tracing: { isActive: false, perSecond: 1, percent: 5 },
      healthcheckConcurrency: 10,
      alarms: {
        minimumRequests: 20,
        errorRatePercent: 5,
        durationP99Ms: 2000,
        invocationsPerMinute: 6000,
        throttlesPerMinute: 0,
        serverErrorRatePercent: 5,
        clientErrorRatePercent: 25,
        latencyP99Ms: 3000,
        tableErrorsPerMinute: 0,
        replicationLatencySeconds: 180,
        heartbeatAgeSeconds: 180,
      },
    });
  });

  it('S0.2 reads a profile per stage, and everything optional that is given', () => {
    const text = settingsText({
      AWS_PROFILES: '( "prod=team/prod@eu" )',
      ACTIVE_REGION: 'secondary',
      ROUTING_WEIGHT_PRIMARY: '255',
      ROUTING_WEIGHT_SECONDARY: '0',
      DNS_HEALTH_CHECK: 'deep',
      FAILBACK: 'automatic',
      ROUTE_AWAY: 'automatic',
      OBJECT_REPLICATION: 'two-way',
      OWN_KEYS: '( "tables" "logs" )',
      RTO_SECONDS: '120',
      RPO_SECONDS: '0',
      ERROR_BUDGET_PERCENT: '0.1',
      CORS_ALLOW_ORIGINS: '( "https://app.example.com" "http://localhost:3000" "http://[::1]:80"81 )',
      CORS_ALLOW_CREDENTIALS: 'true',
      CORS_MAX_AGE_SECONDS: '0',
      THROTTLE_RATE_LIMIT: '0.5',
      PREVIEW_QUOTA_PERIOD: "'WEEK'",
      LOG_RETENTION_DAYS: '3653',
      TIDY_KEEP_NEWEST: '1',
      TIDY_AFTER_DAYS: '0',
    });
    expect(parseSettings(text, 'settings.conf')).toMatchObject({
      profiles: { prod: 'team/prod@eu' },
      activeRegion: 'secondary',
      routingWeights: { primary: 255, secondary: 0 },
      dnsHealthCheck: 'deep',
      failback: 'automatic',
      routeAway: 'automatic',
      objectReplication: 'two-way',
      ownKeys: ['tables', 'logs'],
      objectives: { rtoSeconds: 120, rpoSeconds: 0, errorBudgetPercent: 0.1 },
      cors: {
        allowOrigins: ['https://app.example.com', 'http://localhost:3000', 'http://[::1]:8081'],
        allowCredentials: true,
        maxAgeSeconds: 0,
      },
      usagePlan: { rateLimit: 0.5 },
      previewUsagePlan: { quota: { period: 'WEEK' } },
      logRetentionDays: 3653,
      tidy: { keepNewest: 1, afterDays: 0 },
    });
  });

  it.each([
    [{ ROUTING_POLICY: '"geo"' }, 10, /ROUTING_POLICY: got "geo", allowed: failover, weighted, latency/],
    [{ ACTIVE_REGION: '"eu-west-1"' }, 10, /ACTIVE_REGION: got "eu-west-1", allowed: primary, secondary/],
    [
      { ROUTING_WEIGHT_PRIMARY: '256' },
      10,
      /ROUTING_WEIGHT_PRIMARY: got 256, allowed: a whole number of shares from 0 to 255/,
    ],
    [{ FAILBACK: '"never"' }, 10, /FAILBACK: got "never", allowed: manual, automatic/],
    [{ EDGE: '"cloudfront"' }, 10, /EDGE: got "cloudfront", allowed: none, standby, active/],
    [{ EDGE_PRICE_CLASS: '"cheap"' }, 10, /got "cheap", allowed: PriceClass_100, PriceClass_200, PriceClass_All/],
    [{ EDGE: 'active' }, 10, /EDGE: got "active" and no certificate_arn_edge and edge_secret in PARAMETERS/],
    [{ EDGE_BYPASS: 'closed' }, 10, /EDGE_BYPASS: got "closed" without EDGE, allowed: "open"/],
    [{ PIPELINE: 'on' }, 10, /PIPELINE: got "on", allowed: off, active/],
    [{ PIPELINE: 'active' }, 10, /got "active" without PIPELINE_REPOSITORY and pipeline_connection_arn in PARAMETERS/],
    [{ PIPELINE_REPOSITORY: '"service"' }, 10, /PIPELINE_REPOSITORY: got "service", allowed: owner\/name/],
    [{ PIPELINE_PUSH_STAGES: '( "test" )' }, 10, /PIPELINE_PUSH_STAGES: got the stage "test", allowed: dev, prod/],
    [{ OBJECT_REPLICATION: '"one-way"' }, 10, /OBJECT_REPLICATION: got "one-way", allowed: none, two-way/],
    [
      { OWN_KEYS: '( "tables" "topics" )' },
      10,
      /OWN_KEYS.*: got "topics", allowed: tables, buckets, logs, functions, param/,
    ],
    [{ ROUTE_AWAY: '"always"' }, 10, /ROUTE_AWAY: got "always", allowed: manual, watch, automatic/],
    [{ RTO_SECONDS: '"soon"' }, 10, /RTO_SECONDS: got "soon".* seconds from 1 to 86400, or none/],
    [{ RPO_SECONDS: '-1' }, 10, /RPO_SECONDS: got "-1", allowed: a whole number of seconds from 0/],
    [{ ERROR_BUDGET_PERCENT: '100' }, 10, /got 100, allowed: a number of percent above 0 and below 100/],
    [{ CONTAINER: '"on"' }, 10, /CONTAINER: got "on", allowed: off, active/],
    [
      { CONTAINER: 'active' },
      10,
      /CONTAINER: got "active" without "container_domain_name" and "container_image" in PARAMETERS/,
    ],
    [{ CONTAINER_CPU_UNITS: '300' }, 10, /CONTAINER_CPU_UNITS: got "300", allowed: 256, 512/],
    [
      { CONTAINER_KEEP_MINUTES: '0' },
      10,
      /CONTAINER_KEEP_MINUTES: got 0, allowed: a whole number of minutes from 5 to 2880/,
    ],
    [{ CONTAINER_MAXIMUM_TASKS: '1' }, 10, /CONTAINER_MAXIMUM_TASKS: got 1 beside 2 of CONTAINER_MINIMUM_TASKS/],
    [{ CONTAINER_MINIMUM_TASKS: '11' }, 10, /CONTAINER_MAXIMUM_TASKS: got 10 beside 11 of CONTAINER_MINIMUM_TASKS/],
    [{ APP_NAME: '"My_App"' }, 1, /APP_NAME: got "My_App", allowed: lower-case/],
    [{ APP_NAME: '"a--b"' }, 1, /APP_NAME: got "a--b"/],
    [{ APP_NAME: '"aws-api"' }, 1, /not starting with aws or ssm/],
    [{ APP_NAME: '"sthree-api"' }, 1, /S3 reserves the prefix sthree-/],
    [{ APP_NAME: '"a-name-that-is-too-long-for-buckets"' }, 1, /3 to 63 characters, these are \d\d/],
    [{ APP_NAME: '' }, 1, /APP_NAME: got "", allowed/],
    [{ APP_NAME: '( "a" )' }, 1, /APP_NAME: got a list, allowed/],
    [{ PRIMARY_REGION: '"eu-central"' }, 2, /got "eu-central", allowed: the code of an AWS region/],
    [{ PRIMARY_REGION: '"eu-centrall-1"' }, 2, /got "eu-centrall-1"/],
    [{ SECONDARY_REGION: '"eu-central-1"' }, 3, /another region than PRIMARY_REGION on line 2/],
    [{ SECONDARY_REGION: '"cn-north-1"' }, 3, /a region of the partition aws/],
    [{ STAGES: '()' }, 4, /STAGES: got 0, allowed: a list of 1 or more stages: STAGES=/],
    [{ STAGES: '"dev"' }, 4, /STAGES: got "dev", allowed: a list/],
    [{ STAGES: '( "dev" "prod-eu" )' }, 4, /got "prod-eu", allowed: 1 to 12 lower-case/],
    [{ STAGES: '( "dev"\n"dev" )' }, 5, /got "dev" twice/],
    [{ API_ENVIRONMENTS: '( "envA" )' }, 5, /got 1, allowed: a list of 2 or more environments/],
    [{ API_ENVIRONMENTS: '( "envA"\n"env-B" )' }, 6, /got "env-B", allowed: 1 to 16 letters, digits and underscores/],
    [{ API_ENVIRONMENTS: '( "envA" "enva" )' }, 5, /got "enva" beside "envA", which is the same/],
    [{ API_ENVIRONMENTS: '( "envA" "Preview" )' }, 5, /got "Preview", allowed: a name that no stack has/],
    [{ API_ENVIRONMENTS: '( "envA" "entry" )' }, 5, /got "entry", allowed: a name that no stack has/],
    [{ INITIAL_STACKS: '( "data"\n"base-primry" )' }, 8, /got "base-primry".*Did you mean "base-primary"\?/],
    [{ INITIAL_STACKS: '( )' }, 7, /got 0, allowed: a list of 1 or more stacks/],
    [{ STATE_BUCKET_PREFIX: '"State"' }, 8, /got "State", allowed: lower-case letters/],
    [{ STATE_BUCKET_PREFIX: '"amzn-s3-demo-x"' }, 8, /S3 reserves the prefix amzn-s3-demo-/],
    [{ STATE_BUCKET_PREFIX: `"${'s'.repeat(51)}"` }, 8, /makes the bucket .*3 to 63 characters, these are 64/],
    [{ LOCK_TABLE_PREFIX: '"a b"' }, 9, /got "a b", allowed: 1 to 242 letters/],
    [{ STATE_IN_SECONDARY: '( "prd" )' }, 10, /got the stage "prd", allowed: dev, prod\. Did you mean "prod"\?/],
    [{ AWS_PROFILES: '( "dev" )' }, 10, /got "dev", allowed: STAGE=PROFILE/],
    [{ AWS_PROFILES: '( "prd=x" )' }, 10, /got the stage "prd", allowed: dev, prod\. Did you mean "prod"\?/],
    [{ AWS_PROFILES: '( "dev=a" "dev=b" )' }, 10, /got "dev=b" beside "dev=a"/],
    [{ DNS_HEALTH_CHECK: '"deeep"' }, 10, /got "deeep", allowed: shallow, deep, relative/],
    [{ CORS_ALLOW_ORIGINS: '( "https://a.example/" )' }, 10, /got "https:\/\/a.example\/", allowed: \*/],
    [{ CORS_ALLOW_ORIGINS: '( "https://A.example" )' }, 10, /as browsers send it/],
    [{ CORS_ALLOW_ORIGINS: '( "https://*.example.com" )' }, 10, /as browsers send it/],
    [{ CORS_ALLOW_ORIGINS: '( "a.example" )' }, 10, /as browsers send it/],
    [{ CORS_ALLOW_ORIGINS: '( "https://a.example:443" )' }, 10, /no default port/],
    [{ CORS_ALLOW_ORIGINS: '( "https://a.example" "*" )' }, 10, /got "\*" beside other origins/],
    [{ CORS_ALLOW_CREDENTIALS: '"true"' }, 10, /got "true" without CORS_ALLOW_ORIGINS/],
    [{ CORS_ALLOW_CREDENTIALS: '"yes"' }, 10, /got "yes", allowed: true, false/],
    [{ CORS_ALLOW_METHODS: '( "get" )' }, 10, /got "get", allowed: \*, DELETE, GET/],
    [{ CORS_ALLOW_HEADERS: '( "x y" )' }, 10, /got "x y", allowed: a header name/],
    [{ CORS_MAX_AGE_SECONDS: '86401' }, 10, /got 86401, allowed: a whole number of seconds from 0 to 86400/],
    [{ THROTTLE_RATE_LIMIT: '0' }, 10, /got 0, allowed: a number of requests per second above 0/],
    [{ THROTTLE_BURST_LIMIT: '1.5' }, 10, /got "1.5", allowed: a whole number of requests/],
    [{ QUOTA_LIMIT: '2147483648' }, 10, /from 1 to 2147483647/],
    [{ QUOTA_PERIOD: '"YEAR"' }, 10, /got "YEAR", allowed: DAY, WEEK, MONTH/],
    [{ TIDY_KEEP_NEWEST: '0' }, 10, /got 0, allowed: a whole number of versions from 1 to 1000/],
    [{ ALARM_ERROR_RATE_PERCENT: '100' }, 10, /got 100, allowed: a whole number of percent from 0 to 99/],
    [{ ALARM_LATENCY_P99_MS: '29001' }, 10, /allowed: a whole number of milliseconds from 1 to 29000/],
    [{ ALARM_MINIMUM_REQUESTS: '0' }, 10, /allowed: a whole number of requests from 1 to/],
    [{ WAF_RATE_LIMIT: '9' }, 10, /from 10 to 2000000000/],
    [{ TRACING: '"passive"' }, 10, /got "passive", allowed: off, active/],
    [{ TRACING_SAMPLE_PERCENT: '101' }, 10, /a whole number of percent from 0 to 100/],
    [{ WAF_COUNTED_RULES: '( "a b" )' }, 10, /the name of a rule of AWSManagedRulesCommonRuleSet/],
    [{ LINT_ALLOW: '( "cached-stage dev-*" )' }, 10, /got "cached-stage dev-\*", allowed: RULE PATH: REASON/],
    [{ ROUTE_RATE_LIMIT: '0' }, 10, /allowed: a number of requests per second above 0/],
    [{ LOG_RETENTION_DAYS: '31' }, 10, /got 31, allowed: 1, 3, 5, 7, 14, 30, 60/],
    [{ PARAMETER: '( "a" )' }, 10, /unknown key PARAMETER.*Did you mean "PARAMETERS"\?/],
    [{ app_name: '"a"' }, 10, /unknown key app_name.*Did you mean "APP_NAME"\?/],
    [{ SOMETHING_ELSE: '"a"' }, 10, /unknown key SOMETHING_ELSE.*Delete it/],
    [{ constructor: '"a"' }, 10, /unknown key constructor/],
    [{ STAGES: undefined }, 8, /got no STAGES, which has no default\. Add it/],
  ])('refuses %j on line %i', (changes: Readonly<Record<string, string | undefined>>, line, message) => {
    const found = problemsOf(settingsText(changes));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(new RegExp(`^settings\\.conf:${line}: `));
    expect(found[0]).toMatch(message);
  });

  it('S3.13: refuses tasks that end before both regions are through, and no more than that', () => {
    const found = (shift: string, minutes: string) =>
      problemsOf(settingsText({ CONTAINER_SHIFT: shift, CONTAINER_KEEP_MINUTES: minutes }));
    expect(found('linear', '14')).toEqual([
      expect.stringMatching(
        /^settings\.conf:11: CONTAINER_KEEP_MINUTES: got 14 beside CONTAINER_SHIFT="linear" on line 10, allowed: 15 or more/,
      ),
    ]);
    expect(found('canary', '9')).toEqual([expect.stringMatching(/:11: .* allowed: 10 or more/)]);
    expect(found('linear', '4')).toHaveLength(1);
    for (const [shift, minutes] of [
      ['linear', '15'],
      ['canary', '10'],
      ['all-at-once', '5'],
    ] as const) {
      expect(found(shift, minutes)).toEqual([]);
    }
  });

  it('says what a partition lacks, of each of its regions (B29)', () => {
    const text = settingsText({ PRIMARY_REGION: '"us-gov-east-1"', SECONDARY_REGION: '"us-gov-west-1"' });
    const found = problemsOf(text);
    expect(found).toHaveLength(2);
    for (const message of found) {
      expect(message).toMatch(/another partition than aws-us-gov\. Route 53 has no public hosted zones there/);
    }
    const china = settingsText({ PRIMARY_REGION: '"cn-north-1"', SECONDARY_REGION: '"cn-northwest-1"' });
    expect(problemsOf(china)).toEqual([]);
  });

  it('refuses every wildcard once credentials are allowed', () => {
    const text = settingsText({
      CORS_ALLOW_CREDENTIALS: 'true',
      CORS_ALLOW_ORIGINS: '( "https://*" )',
      CORS_ALLOW_METHODS: '( "*" )',
      CORS_ALLOW_HEADERS: '( "authorization" "*" )',
      CORS_EXPOSE_HEADERS: '( "*" )',
    });
    const found = problemsOf(text);
    expect(found.map((message) => message.split(':')[1])).toEqual(['11', '12', '13', '14']);
    for (const message of found) expect(message).toContain('CORS_ALLOW_CREDENTIALS="true" on line 10');
  });

  it('B26: refuses journeys at names that answer the edge alone', () => {
    const edge = { EDGE: '"active"', EDGE_BYPASS: '"closed"' };
    const ofJourneys = (minutes: string) =>
      problemsOf(settingsText({ ...edge, JOURNEY_MINUTES: minutes })).filter((message) => message.includes('JOURNEY'));
    expect(ofJourneys('1')).toEqual([
      expect.stringMatching(/:12: JOURNEY_MINUTES: got "1" beside EDGE_BYPASS="closed" on line 11, allowed: 0, as /),
    ]);
    expect(ofJourneys('0')).toEqual([]);
    expect(problemsOf(settingsText({ JOURNEY_MINUTES: '61' }))[0]).toMatch(/JOURNEY_MINUTES: got .*61/);
  });

  it('S4.2: refuses, all at once, what makes no sense while both regions have traffic', () => {
    const text = (changes: Readonly<Record<string, string>>) =>
      settingsText({ ROUTING_POLICY: 'weighted', ...changes });
    const found = problemsOf(
      text({
        FAILBACK: 'manual',
        ACTIVE_REGION: 'secondary',
        ROUTING_WEIGHT_PRIMARY: '0',
        ROUTING_WEIGHT_SECONDARY: '0',
      }),
    );
    expect(found.map((message) => message.replace(/, allowed.*/, ''))).toEqual([
      'settings.conf:11: FAILBACK: got "manual" beside ROUTING_POLICY="weighted" on line 10, by which both regions have traffic',
      'settings.conf:12: ACTIVE_REGION: got "secondary" beside ROUTING_POLICY="weighted" on line 10, by which both regions have traffic',
      'settings.conf:14: ROUTING_WEIGHT_SECONDARY: got "0" beside ROUTING_WEIGHT_PRIMARY="0" and ROUTING_POLICY="weighted" on line 10',
    ]);
    expect(problemsOf(text({}))).toEqual([
      expect.stringMatching(/:10: FAILBACK: got nothing, which is "manual", beside .+ Write FAILBACK="automatic"\.$/),
    ]);
    expect(problemsOf(text({ FAILBACK: 'automatic', ROUTE_AWAY: 'automatic' }))).toEqual([]);
    const latency = { ROUTING_POLICY: 'latency', ROUTING_WEIGHT_PRIMARY: '0', ROUTING_WEIGHT_SECONDARY: '0' };
    expect(problemsOf(text({ ...latency, FAILBACK: 'automatic' }))).toEqual([]);
  });

  it('S4.1: takes an edge with what it reads, in the one partition that it is built for', () => {
    const parameters = settingsText({ EDGE: 'standby', INITIAL_STACKS: '( "edge" )' }).replace(
      '( domain_name',
      '( domain_name certificate_arn_edge edge_secret',
    );
    expect(problemsOf(parameters)).toEqual([]);
    expect(problemsOf(settingsText({ INITIAL_STACKS: '( "edge" )' }))).toEqual([
      expect.stringContaining('INITIAL_STACKS: got "edge"'),
    ]);
    const china = parameters.replace('eu-central-1', 'cn-north-1').replace('eu-west-1', 'cn-northwest-1');
    expect(problemsOf(china)).toEqual([
      expect.stringContaining('EDGE: got "standby", allowed: "none" in the partition aws-cn'),
    ]);
    expect(problemsOf(`${parameters}\nEDGE_BYPASS="closed"\n`)).toEqual([
      expect.stringMatching(/EDGE_BYPASS: got "closed" beside EDGE="standby" on line \d+/),
    ]);
  });

  it('says of an unknown parameter which one may be meant, and which one is missing', () => {
    const text = settingsText().replace('domain_name', 'domain_nam');
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^settings\.conf:6: PARAMETERS: got "domain_nam".*Did you mean "domain_name"\?$/),
      expect.stringMatching(/^settings\.conf:6: PARAMETERS: got no "domain_name".*entry and routing\. Add it\.$/),
    ]);
  });

  it('reports problems of syntax, of single keys and between keys together, in the order of the lines', () => {
    const text = settingsText({
      APP_NAME: '$NAME',
      SECONDARY_REGION: '"eu-central-1"',
      STAGES: '( "DEV" )',
      EXTRA: '`x`',
    });
    expect(problemsOf(text).map((message) => message.replace(/^(settings\.conf:\d+: \S+ \S+).*/, '$1'))).toEqual([
      'settings.conf:1: APP_NAME: got',
      'settings.conf:3: SECONDARY_REGION: got',
      'settings.conf:4: STAGES: got',
      'settings.conf:10: EXTRA: got',
      'settings.conf:10: got the',
    ]);
  });

  it('reports every missing key of an empty file, on its last line', () => {
    expect(problemsOf('')).toHaveLength(9);
    expect(problemsOf('')[0]).toMatch(/^settings\.conf:1: got no APP_NAME/);
  });

  it('accepts the longest names that AWS accepts, and no longer ones', () => {
    const longest = 63 - '-prod-packages-eu-central-1-000000000000'.length;
    expect(problemsOf(settingsText({ APP_NAME: `"${'a'.repeat(longest)}"` }))).toEqual([]);
    expect(problemsOf(settingsText({ APP_NAME: `"${'a'.repeat(longest + 1)}"` }))).toHaveLength(1);
    expect(problemsOf(settingsText({ STATE_BUCKET_PREFIX: `"${'s'.repeat(50)}"` }))).toEqual([]);
  });
});
