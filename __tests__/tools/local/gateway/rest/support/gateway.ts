import { onTestFinished } from 'vitest';
import { RuntimeLog } from '#local/events/runtime-log.ts';
import { Failures, REGION_GONE } from '#local/failure/failure.ts';
import type { RegionalGateway } from '#local/gateway/gateway-server.ts';
import { type RestGatewayOptions, startRestGateway } from '#local/gateway/rest/server.ts';
import type { InvokeFunction, InvokeRequest } from '#local/lambda/invoke-result.ts';
import type { CompileTemplate } from '#local/vtl/template-context.ts';
import { regionModel } from './model.ts';
import { type Answer, type RequestOptions, send } from './send.ts';

/** Variables only: what a mapping template has to do with is another room's. A client's body that isn't JSON makes `$json` fail. */
const compileTemplate: CompileTemplate = (source) => (input) => {
  const text = source.replace(/\$(json|body|id|stage|messageField|path)\b/g, (_, name: string) => {
    switch (name) {
      case 'json':
        return JSON.stringify(parse(input.body));
      case 'body':
        return input.body;
      case 'id':
        return input.params.path.id ?? '';
      case 'stage':
        return input.stageVariables.stage ?? '';
      case 'path':
        return String(input.context.path);
      default: {
        const parsed = parse(input.body);
        return typeof parsed === 'object' && parsed !== null && 'errorMessage' in parsed
          ? String(parsed.errorMessage)
          : '';
      }
    }
  });
  const status = /#status=(\d+)/.exec(text)?.[1];
  return {
    text: text.replace(/#status=\d+/, ''),
    ...(status && { responseOverride: { status: Number(status), header: { 'x-override': 'yes' } } }),
  };
};

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    const error = new Error('not JSON', { cause });
    error.name = 'TemplateInputError';
    throw error;
  }
}

/** An invocation with the event that its JSON holds. */
export type Invoked = Omit<InvokeRequest, 'payload'> & { readonly payload: unknown };

interface TestGateway {
  readonly url: string;
  readonly port: number;
  readonly log: RuntimeLog;
  /** What was invoked, oldest first. */
  readonly invocations: Invoked[];
  readonly setFailed: (failed: boolean) => void;
  readonly setDomains: RegionalGateway['setDomains'];
  /** @param path - with the stage */
  readonly send: (path: string, options?: RequestOptions) => Promise<Answer>;
  readonly warnings: () => string[];
  readonly accessLines: () => string[];
}

/** What a stub function returns unless a test says otherwise. */
const OK = { ok: true, requestId: 'i-1', payload: { statusCode: 200, body: '{"fine":true}' } } as const;

/** A gateway on a free port that ends with the test. */
export async function startTestGateway(
  overrides: Partial<Omit<RestGatewayOptions, 'invoke' | 'log' | 'port'>> & { readonly invoke?: InvokeFunction } = {},
): Promise<TestGateway> {
  const log = new RuntimeLog();
  const invocations: Invoked[] = [];
  const failures = new Failures();
  const { invoke = async () => OK } = overrides;
  const gateway = await startRestGateway({
    region: regionModel(),
    compileTemplate,
    ...overrides,
    port: 0,
    faultsOf: () => failures.faults('primary', ['region']),
    log,
    invoke: (request) => {
      invocations.push({ ...request, payload: JSON.parse(request.payload) });
      return invoke(request);
    },
  });
  onTestFinished(() => gateway.close());
  return {
    url: gateway.url,
    port: gateway.port,
    log,
    invocations,
    setFailed: (failed) => {
      if (failed) failures.set('primary', REGION_GONE);
      else failures.clear('primary');
      if (failed) gateway.breakConnections();
    },
    setDomains: gateway.setDomains,
    send: (path, options) => send(gateway.port, path, options),
    warnings: () => log.query(() => true).flatMap((event) => (event.kind === 'warning' ? [event.message] : [])),
    accessLines: () => log.query(() => true).flatMap((event) => (event.kind === 'access' ? [event.line] : [])),
  };
}
