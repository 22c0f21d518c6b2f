import { describe, expect, it } from 'vitest';
import { describeRefusal, ProviderLog, type Refusal } from '#operator/terraform/provider-log.ts';

const TIME = '2026-05-20T14:04:45.815+0200';
const PROVIDER = `${TIME} [DEBUG] provider.terraform-provider-aws_v5.100.0_x5:`;
/** As the provider writes them: the body below the entry, fields before and after it, in any order. */
const THROTTLED = `${PROVIDER} HTTP Response Received: @module=aws http.response.header.x_amzn_requestid=b3d1 rpc.method=PutParameter
  http.response.body=
  | {"__type":"ThrottlingException","message":"Rate exceeded"}
   http.duration=6063 http.status_code=400 tf_resource_type=aws_ssm_parameter tf_rpc=ApplyResourceChange`;
const LIMITED = `${PROVIDER} HTTP Response Received: http.response.header.x_amzn_errortype=TooManyRequestsException: rpc.method=PutRestApi http.status_code=429 tf_resource_type=aws_api_gateway_rest_api`;
const BROKEN = `${PROVIDER} HTTP Response Received: rpc.method=UpdateIntegration http.status_code=500 tf_resource_type=aws_api_gateway_integration`;
const ABSENT = `${PROVIDER} HTTP Response Received: http.response.header.x_amzn_errortype=NotFoundException rpc.method=GetRestApi http.status_code=404 tf_resource_type=aws_api_gateway_rest_api`;
const SENT = `${PROVIDER} HTTP Request Sent: rpc.method=PutParameter http.request.body="{\\"__type\\":\\"Throttling\\"}" tf_resource_type=aws_ssm_parameter`;

/** What a log tells, and which lines are none of it. */
function read(text: string) {
  const refusals: Refusal[] = [];
  const log = new ProviderLog((refusal) => refusals.push(refusal));
  const words = text.split('\n').filter((line) => !log.take(line));
  log.end();
  return { refusals, words };
}

describe("the provider's log", () => {
  it('tells throttling from errors that are retried, each with its code, call and resource type', () => {
    const { refusals, words } = read([THROTTLED, SENT, LIMITED, BROKEN, ABSENT].join('\n'));
    expect(words).toEqual([]);
    expect(refusals).toEqual([
      { resourceType: 'aws_ssm_parameter', status: 400, code: 'ThrottlingException', call: 'PutParameter' },
      { resourceType: 'aws_api_gateway_rest_api', status: 429, code: 'TooManyRequestsException', call: 'PutRestApi' },
      { resourceType: 'aws_api_gateway_integration', status: 500, call: 'UpdateIntegration' },
    ]);
    expect(refusals.map((refusal, at) => describeRefusal(refusal, at * 6 + 1))).toEqual([
      'AWS throttles (ThrottlingException of PutParameter, once)',
      'AWS throttles (TooManyRequestsException of PutRestApi, 7 times)',
      'the provider retries: 500 of UpdateIntegration, 13 times',
    ]);
  });

  it("leaves Terraform's own words to its user, also an indented line that follows them", () => {
    const { words } = read(
      ['Error: no space left', '  on device', THROTTLED, 'panic: runtime error', '  goroutine 1'].join('\n'),
    );
    expect(words).toEqual(['Error: no space left', '  on device', 'panic: runtime error', '  goroutine 1']);
  });

  it('names a status with the code where AWS gives both', () => {
    const refusal = { resourceType: 'aws_thing', status: 503, code: 'ServiceUnavailable', call: 'PutThing' };
    expect(describeRefusal(refusal, 2)).toBe('the provider retries: 503 ServiceUnavailable of PutThing, 2 times');
  });
});
