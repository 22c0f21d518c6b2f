import { describe, expect, it } from 'vitest';
import { type RuntimeEvent, RuntimeLog } from '#local/events/runtime-log.ts';
import { createInvokeAuthorizer } from '#local/iam/authorize-invoke.ts';
import { createAuthorizer } from '#local/iam/authorizer.ts';
import type { CredentialStore } from '#local/iam/credential-store.ts';
import type { Role } from '#local/model/model.ts';
import { allow, type Call, NOW, role, sign, storeOf, TABLE } from './support.ts';

const writer = role(
  'writer',
  allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [TABLE, `${TABLE}2`]),
  allow(['s3:PutObject'], ['arn:aws:s3:::data/*']),
);

function start(roles: readonly Role[]) {
  const store = storeOf(roles);
  const events: RuntimeEvent[] = [];
  const log = new RuntimeLog();
  log.subscribe((event) => events.push(event));
  const authorizer = createAuthorizer({ credentials: store, log, now: () => NOW });
  return {
    store,
    authorizer,
    warnings: () => events.flatMap((event) => (event.kind === 'warning' ? [event.message] : [])),
  };
}

describe('B11: least privilege', () => {
  const as = async ({ store, authorizer }: ReturnType<typeof start>, call: Call) =>
    authorizer.authorize(await sign(store.forRole(writer.arn), call));

  it('lets a role do what its policies allow', async () => {
    const runtime = start([writer]);
    expect(await as(runtime, { action: 'dynamodb:PutItem' })).toEqual({ allowed: true });
    expect(runtime.warnings()).toEqual([]);
  });

  it('refuses what they do not allow, and logs role, action and resource', async () => {
    const runtime = start([role('writer', allow(['dynamodb:GetItem'], [TABLE]))]);
    expect(await as(runtime, { action: 'dynamodb:PutItem' })).toEqual({
      allowed: false,
      status: 400,
      code: 'AccessDeniedException',
      message: `User: arn:aws:sts::000000000000:assumed-role/writer/local is not authorized to perform: dynamodb:PutItem on resource: ${TABLE} because no identity-based policy allows the dynamodb:PutItem action`,
    });
    expect(runtime.warnings()).toEqual([
      `IAM: writer may not dynamodb:PutItem on ${TABLE}: no statement of its policies allows it.`,
    ]);
  });

  it('B13: a release keeps what its roles allowed; another release of the same role has its own', async () => {
    const runtime = start([writer]);
    const credentialsFor = runtime.store.addRoles([role('writer', allow(['dynamodb:GetItem'], [TABLE]))]);
    const asReleased = async (action: string) =>
      runtime.authorizer.authorize(await sign(credentialsFor(writer.arn), { action }));
    expect(await asReleased('dynamodb:GetItem')).toEqual({ allowed: true });
    expect(await asReleased('dynamodb:PutItem')).toMatchObject({ allowed: false });
    expect(await as(runtime, { action: 'dynamodb:PutItem' })).toEqual({ allowed: true });
    expect(() => credentialsFor('arn:aws:iam::000000000000:role/other')).toThrow('No role has the ARN');
    // What may go is asked of the newest policies; that an earlier release has used it counts.
    expect(runtime.authorizer.unusedActions()).toEqual([]);
  });

  it('wants every resource of a call allowed, each time', async () => {
    const runtime = start([writer]);
    const call = { action: 'dynamodb:PutItem', resources: [TABLE, `${TABLE}3`] };
    expect(await as(runtime, call)).toMatchObject({ allowed: false });
    expect(await as(runtime, call)).toMatchObject({ allowed: false });
    expect(runtime.warnings()).toHaveLength(2);
  });

  it('says that a statement denies explicitly', async () => {
    const runtime = start([
      role('writer', allow(['*'], ['*']), { effect: 'Deny', actions: ['s3:*'], resources: ['*'] }),
    ]);
    const answer = await as(runtime, { service: 's3', action: 's3:GetObject', resources: ['arn:aws:s3:::data/a'] });
    expect(answer).toMatchObject({
      status: 403,
      code: 'AccessDenied',
      message: expect.stringContaining('with an explicit deny'),
    });
  });

  it('lists what policies allow and no call used', async () => {
    const runtime = start([writer, role('idle', allow(['ssm:GetParameter'], ['*']))]);
    await as(runtime, { action: 'dynamodb:PutItem' });
    await as(runtime, { service: 's3', action: 's3:PutObject', resources: ['arn:aws:s3:::data/a'] });
    await as(runtime, { action: 'dynamodb:Scan' });
    expect(runtime.authorizer.unusedActions()).toEqual([
      { role: 'writer', action: 'dynamodb:GetItem', resources: [TABLE, `${TABLE}2`], usedElsewhere: false },
      { role: 'writer', action: 'dynamodb:PutItem', resources: [`${TABLE}2`], usedElsewhere: true },
      { role: 'idle', action: 'ssm:GetParameter', resources: ['*'], usedElsewhere: false },
    ]);
    expect(runtime.authorizer.usedActions()).toEqual([
      { role: 'writer', action: 'dynamodb:PutItem', resource: TABLE },
      { role: 'writer', action: 's3:PutObject', resource: 'arn:aws:s3:::data/*' },
    ]);
  });

  it('logs requests whose signature is not accepted', async () => {
    const runtime = start([writer]);
    await runtime.authorizer.authorize({ ...(await sign(runtime.store.deniedInvoker.credentials)), headers: {} });
    expect(runtime.warnings()).toEqual([
      'IAM: dynamodb:GetItem in eu-central-1 refused with MissingAuthenticationTokenException: Missing Authentication Token',
    ]);
  });
});

describe('credentials', () => {
  it('look like those of AWS and are different for each role and start', () => {
    const [store, again] = [storeOf([writer, role('b')]), storeOf([writer])];
    const { accessKeyId, secretAccessKey, sessionToken } = store.forRole(writer.arn);
    expect(accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(secretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/);
    expect(sessionToken).toMatch(/^[A-Za-z0-9+/]{200,}$/);
    expect(store.allowedInvoker.credentials.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
    const keys = [...store.identities, ...again.identities].map(({ credentials }) => credentials.accessKeyId);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('are the same in both regions for a role that both list, with the statements of both', async () => {
    const store = storeOf([role('shared', allow(['a:B'], ['*']))], [role('shared', allow(['a:C'], ['*']))]);
    expect(store.identities.filter(({ name }) => name === 'shared')).toHaveLength(1);
    expect(store.identities.find(({ name }) => name === 'shared')?.statements).toHaveLength(2);
  });

  it('are not issued for a role that does not exist', () => {
    expect(() => storeOf([writer]).forRole('arn:x')).toThrow(
      `No role has the ARN arn:x. The model has: ${writer.arn}.`,
    );
  });
});

describe('S2.6: AWS_IAM authorization of routes', () => {
  const route = 'arn:aws:execute-api:eu-central-1:000000000000:api1/$default/POST/events';
  const other = 'arn:aws:execute-api:eu-central-1:000000000000:api2/prod/GET/x';
  const invoker = role('invoker', allow(['execute-api:Invoke'], ['arn:aws:execute-api:*:*:api1/*']));

  async function invoke(
    runtime: ReturnType<typeof start>,
    who: keyof CredentialStore & `${string}Invoker`,
    resource: string,
  ) {
    const { credentials } = runtime.store[who];
    const signed = await sign(credentials, { service: 'execute-api', path: '/events', query: { a: 'b c' } });
    return createInvokeAuthorizer(runtime.authorizer)({
      method: signed.method,
      target: signed.url,
      rawHeaders: Object.entries(signed.headers).flatMap(([name, value]) => [name.toUpperCase(), String(value)]),
      body: signed.body,
      region: 'eu-central-1',
      resource,
    });
  }

  it("lets the invoker call the routes that the model's role may call, and only those", async () => {
    const runtime = start([invoker]);
    const { credentials, arn, userId } = runtime.store.allowedInvoker;
    expect(await invoke(runtime, 'allowedInvoker', route)).toMatchObject({
      allowed: true,
      identity: { accountId: '000000000000', accessKey: credentials.accessKeyId, userArn: arn, user: userId },
    });
    expect(await invoke(runtime, 'allowedInvoker', other)).toMatchObject({ responseType: 'ACCESS_DENIED' });
  });

  it('lets the invoker call every route when no role of the model is for that', async () => {
    expect(await invoke(start([writer]), 'allowedInvoker', other)).toMatchObject({ allowed: true });
  });

  it("B11: counts the invoker's calls as uses of the roles whose policies it has", async () => {
    const runtime = start([invoker, writer]);
    const uses = () => runtime.authorizer.unusedActions().filter(({ action }) => action === 'execute-api:Invoke');
    expect(uses()).toEqual([expect.objectContaining({ role: 'invoker' })]);
    await invoke(runtime, 'allowedInvoker', route);
    expect(uses()).toEqual([]);
  });

  it('refuses who has no policy, and who has no signature', async () => {
    const runtime = start([invoker]);
    expect(await invoke(runtime, 'deniedInvoker', route)).toMatchObject({
      allowed: false,
      responseType: 'ACCESS_DENIED',
      message: expect.stringContaining('user/denied-invoker is not authorized to perform: execute-api:Invoke'),
    });
    const unsigned = {
      method: 'POST',
      target: '/events',
      rawHeaders: [],
      body: Buffer.alloc(0),
      region: 'eu-central-1',
      resource: route,
    };
    expect(await createInvokeAuthorizer(runtime.authorizer)(unsigned)).toEqual({
      allowed: false,
      responseType: 'MISSING_AUTHENTICATION_TOKEN',
      message: 'Missing Authentication Token',
    });
  });
});
