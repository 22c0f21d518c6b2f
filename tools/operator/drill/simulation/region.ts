import { getUser } from '#contract/get-user.ts';
import { postUser } from '#contract/post-user.ts';
import { errorResponse } from '#functions/http/error-response.ts';
import { templateHandler } from '#functions/http/template-handler.ts';
import type { ItemStore } from '#functions/ports/item-store.ts';
import { readUser, writeUser } from '#functions/user/write-user.ts';
import type { Authorize } from '#local/aws-endpoint/authorize.ts';
import { requireAuthorization } from '#local/aws-endpoint/authorize.ts';
import { createTables, type Tables } from '#local/dynamodb/dynamodb.ts';
import type { Failures } from '#local/failure/failure.ts';
import type { InvokeFunction, InvokeRequest, InvokeResult } from '#local/lambda/invoke-result.ts';
import { causeOf, failureOf } from '#local/lambda/invoke-result.ts';
import type { CustomDomain } from '#local/model/api-model.ts';
import type { LambdaFunction, RegionModel } from '#local/model/model.ts';
import type { ReleasesOptions } from '#local/release/served-releases.ts';
import type { ApiKind } from '#local/route53/dns.ts';
import { failingFunctions, failingServices, gatewayFaults } from '#local/runtime/fail-services.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What a client asks. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly id: string;
  /** JSON, as it is sent. */
  readonly body?: string;
}

/** What a client sees. `interrupted`: the function was killed meanwhile. */
export interface Response {
  readonly status: number;
  readonly body?: unknown;
  readonly interrupted?: true;
}

/** Milliseconds of each way that a request takes. */
const TO_GATEWAY = 20;
const TO_FUNCTION = 10;
const TO_TABLE = 4;
/** As a region that is slow for longer is taken for lost. */
const NEVER = new Promise<never>(() => undefined);

type ReleasedRegion = ReleasesOptions['regions']['primary'];
type Gateways = ReleasedRegion['gateways'] &
  Readonly<Record<ApiKind, { setDomains(domains: readonly CustomDomain[]): void }>>;

/** A region in this process: doors, functions, tables. */
export interface SimulatedRegion extends Omit<ReleasedRegion, 'gateways'> {
  readonly gateways: Gateways;
  readonly tables: Tables;
  /** What comes of a request to a name. It never ends where nothing ever comes back; `undefined`: the connection broke. */
  ask(host: string, call: Call): Promise<Response | undefined>;
  /** A probe of the health route. @returns the status */
  probe(host: string): number;
  /** Connections break: who waits hears nothing. */
  breakConnections(): void;
  /** `kill -9` of every process of a function. */
  kill(): void;
  /** Environment → hash of the code that serves users there now. */
  served(environment: string): string | undefined;
}

interface RegionOptions {
  readonly model: RegionModel;
  readonly failures: Failures;
  readonly clock: VirtualClock;
}

/** Makes a region out of the runtime's own parts; only their HTTP and their processes are left out. */
export function createRegion({ model, failures, clock }: RegionOptions): SimulatedRegion {
  const { type, region } = model;
  const tables = createTables({ region, tables: model.tables });
  const authorize = failingServices(failures, type, async () => ({ allowed: true }), clock);
  const crashes = new Set<() => void>();
  const stages = new Map<string, { readonly region: RegionModel; readonly invoke: InvokeFunction }>();
  let domains = model.domains;
  let epoch = 0;
  let invocations = 0;
  const serve = userFunction();
  const faultsOf = {
    rest: gatewayFaults(failures, model, 'rest'),
    http: gatewayFaults(failures, model, 'http'),
  };
  const invokerOf: SimulatedRegion['invokerOf'] = (released) => {
    let { functions } = released;
    const invoke: InvokeFunction = (request) => {
      const found = functions.find(({ name }) => name === request.functionName);
      if (found === undefined) return Promise.resolve({ ok: false, kind: 'not-found', message: request.functionName });
      return run(request, found);
    };
    return {
      invoke: failingFunctions(failures, type, invoke, clock),
      update: (next) => {
        functions = next;
      },
      retire: () => undefined,
    };
  };

  /** One invocation, which ends with its process, if that is killed. */
  const run = ({ payload }: InvokeRequest, { environment }: LambdaFunction): Promise<InvokeResult> => {
    invocations += 1;
    const requestId = `invocation-${invocations}`;
    return new Promise((resolve) => {
      let alive = true;
      const crash = () => {
        alive = false;
        resolve(failureOf(requestId, causeOf({ code: null, signal: 'SIGKILL' })));
      };
      crashes.add(crash);
      const store = itemStore(tables, authorize, environment.USER_TABLE_NAME ?? '', () =>
        alive ? clock.wait(TO_TABLE) : NEVER,
      );
      serve(store, JSON.parse(payload), requestId).then((response) => {
        crashes.delete(crash);
        if (alive) resolve({ ok: true, payload: response, requestId });
      });
    });
  };
  const functions = invokerOf(model, () => NO_CREDENTIALS);

  const gateway = (kind: ApiKind) => ({
    failed: () => ['drop', 'refuse'].includes(faultsOf[kind]().mode()?.kind ?? ''),
    setDomains: (next: readonly CustomDomain[]) => {
      domains = next;
    },
    setUsagePlans: () => undefined,
    prepareStages: (released: RegionModel, names: readonly string[], invoke: InvokeFunction) => () => {
      if (kind === 'rest') for (const name of names) stages.set(name, { region: released, invoke });
    },
  });
  for (const { name } of model.restApis.flatMap((api) => api.stages)) {
    stages.set(name, { region: model, invoke: functions.invoke });
  }
  const stageAt = (host: string) => {
    const domain = domains.find(({ domainName, regionalDomainName }) =>
      [domainName, regionalDomainName].includes(host),
    );
    return stages.get(domain?.mappings[0]?.stage ?? '');
  };

  return {
    gateways: { rest: gateway('rest'), http: gateway('http') },
    tables,
    invokerOf,
    functions,
    ask: async (host, call) => {
      await clock.wait(TO_GATEWAY);
      const connected = epoch;
      const effect = faultsOf.rest(host).effect();
      if (effect?.kind === 'drop') return NEVER;
      if (effect?.kind === 'refuse') return undefined;
      if (effect?.kind === 'error') return { status: 500 };
      if (effect?.kind === 'slow') await clock.wait(effect.milliseconds);
      const stage = stageAt(host);
      const user = stage?.region.functions.find(({ name }) => name.endsWith('-user'));
      if (stage === undefined || user === undefined) return { status: 403 };
      await clock.wait(TO_FUNCTION);
      const result = await stage.invoke({ functionName: user.name, qualifier: '', payload: JSON.stringify(call) });
      await clock.wait(TO_GATEWAY);
      if (connected !== epoch) return undefined;
      return responseTo(result);
    },
    probe: (host) => (faultsOf.rest(host).effect() ? 500 : stageAt(host) ? 200 : 403),
    breakConnections: () => {
      epoch += 1;
    },
    kill: () => {
      for (const crash of crashes) crash();
      crashes.clear();
    },
    served: (environment) =>
      stages.get(environment)?.region.functions.find(({ name }) => name.endsWith('-user'))?.codeSha256,
  };
}

/** What the gateway makes of an invocation. */
function responseTo(result: InvokeResult): Response {
  if (result.ok) return responseOf(result.payload);
  if (result.kind === 'crash') return { status: 502, interrupted: true };
  return { status: result.kind === 'timeout' ? 504 : 502 };
}

function responseOf(payload: unknown): Response {
  const { status, body } = Object(payload);
  return { status: Number(status), body };
}

/** The user function's own code; each invocation has a store of its own. */
function userFunction() {
  const stores = new Map<string, ItemStore>();
  const storeOf = (requestId: string) => stores.get(requestId) ?? NO_STORE;
  const log = { debug: noted, error: noted, info: noted, warn: noted };
  const { serve } = templateHandler<typeof getUser | typeof postUser>('user', {
    GET: (request) => readUser(storeOf(request.requestId), request),
    POST: (request) => writeUser(storeOf(request.requestId), request),
  });
  return async (store: ItemStore, { method, id, body }: Call, requestId: string): Promise<Response> => {
    stores.set(requestId, store);
    const operation = method === 'GET' ? getUser : postUser;
    return serve({
      env: 'envA',
      requestId,
      method,
      route: operation.path,
      pathParameters: { id },
      query: { single: {}, multi: {} },
      body: body === undefined ? undefined : Buffer.from(body),
      headers: { 'content-type': 'application/json' },
      caller: { ip: '192.0.2.1' },
      log,
    })
      .catch((error: unknown) => errorResponse(error, requestId, log))
      .finally(() => stores.delete(requestId));
  };
}

const NO_STORE: ItemStore = { get: () => NEVER, put: () => NEVER };

function noted(): void {}

/** As `dynamodb-item-store.ts` asks it, without HTTP between them. @param send - what it takes to send a request there */
function itemStore(tables: Tables, authorize: Authorize, TableName: string, send: () => Promise<void>): ItemStore {
  const call = async (operation: string, input: Readonly<Record<string, unknown>>) => {
    await send();
    const prepared = tables.operations.get(operation)?.({ TableName, ...input });
    await requireAuthorization(authorize, {
      service: 'dynamodb',
      region: tables.region,
      action: `dynamodb:${operation}`,
      resources: prepared?.resources ?? [],
      headers: {},
      method: 'POST',
      url: '/',
      body: Buffer.alloc(0),
    });
    const output = prepared?.run();
    await send();
    return output;
  };
  return {
    get: async (id) => {
      const { Item } = Object(await call('GetItem', { Key: { id: { S: id } } }));
      return Item === undefined ? undefined : { id, name: String(Item.name?.S) };
    },
    put: async (item) => {
      const Item = Object.fromEntries(Object.entries(item).map(([name, value]) => [name, { S: value }]));
      await call('PutItem', { Item });
    },
  };
}

const NO_CREDENTIALS = { accessKeyId: '', secretAccessKey: '', sessionToken: '' };
