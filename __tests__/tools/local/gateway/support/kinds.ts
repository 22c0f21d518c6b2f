import type { InvokeResult } from '#local/lambda/invoke-result.ts';
import type { CustomDomain } from '#local/model/api-model.ts';
import * as http from '#tests/tools/local/gateway/http/support/gateway.ts';
import { httpApi, regionWith, route } from '#tests/tools/local/gateway/http/support/model.ts';
import * as rest from '#tests/tools/local/gateway/rest/support/gateway.ts';
import {
  API_ID,
  lambdaFunction,
  method,
  REGION,
  regionModel,
  restApi,
} from '#tests/tools/local/gateway/rest/support/model.ts';

/** What the function of `startOpen` returns, and a client gets. */
export type Invoke = (qualifier: string) => Promise<string>;

const OPEN_FUNCTION = lambdaFunction({
  permissions: ['envA', 'envB'].map((qualifier) => ({ action: '*', principal: '*', qualifier })),
});

const returned = (body: string): InvokeResult => ({ ok: true, requestId: 'i-1', payload: { statusCode: 200, body } });

/** Both kinds of gateway, each with an API of one open route, `ANY /any/{proxy+}`, in the stages envA and envB. */
export const KINDS = [
  {
    kind: 'REST',
    /** The response to a request that leads nowhere. */
    nowhere: { status: 403, text: '{"message":"Forbidden"}' },
    startOpen: (invoke: Invoke = async () => 'fine', domains: readonly CustomDomain[] = []) =>
      rest.startTestGateway({
        region: regionModel({
          functions: [OPEN_FUNCTION],
          restApis: [restApi({ methods: [method('ANY', '/any/{proxy+}')] })],
          domains,
        }),
        invoke: async ({ qualifier }) => returned(await invoke(qualifier)),
      }),
  },
  {
    kind: 'HTTP',
    nowhere: { status: 404, text: '{"message":"Not Found"}' },
    startOpen: (invoke: Invoke = async () => 'fine', domains: readonly CustomDomain[] = []) =>
      http.startTestGateway({
        region: regionWith({}, { httpApis: [httpApi({ routes: [route('ANY /any/{proxy+}')] })], domains }),
        invoke: async ({ qualifier }) => returned(await invoke(qualifier)),
      }),
  },
] as const;

export const DOMAIN = 'api.example.com';

/** The custom domain, mapped to this stage. */
export function domainTo(stage: string): CustomDomain {
  return {
    domainName: DOMAIN,
    regionalDomainName: `d-1.execute-api.${REGION}.amazonaws.com`,
    mappings: [{ basePath: '', apiId: API_ID, stage }],
  };
}
