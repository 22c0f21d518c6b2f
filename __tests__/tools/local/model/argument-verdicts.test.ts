import { describe, expect, it } from 'vitest';
import { servedByEvaluation, verdictOf, withoutEffect } from '#local/model/argument-verdicts.ts';
import { buildModel } from '#local/model/build-model.ts';
import { readFunctions } from '#local/model/functions.ts';
import { readHttpApis } from '#local/model/http-api/http-apis.ts';
import { ResourceReader } from '#local/model/resource-reader.ts';
import { readRestApis } from '#local/model/rest-api/rest-apis.ts';
import { providerSchema } from '#local/terraform/computed/provider-schema.ts';
import { evaluate, stack } from '#tests/tools/local/terraform/stack-fixture.ts';

const reader = new ResourceReader([]);
readFunctions(reader, new Set());
readRestApis(reader);
readHttpApis(reader);
const types = [...reader.readArguments];
const regions = { stage: 'dev', primaryRegion: 'eu-central-1', secondaryRegion: 'eu-west-1' };
const unserved = (json: Parameters<typeof stack>[0]) => buildModel(evaluate([stack(json)]), regions).unserved;

describe('the verdict on an argument', () => {
  it.each(types)("is there for every argument that the provider's %s has", (type, read) => {
    const names = [...(providerSchema('managed', type)?.arguments ?? [])];
    expect(names.length).toBeGreaterThan(2);
    const verdicts = new Set(names.map((name) => verdictOf(type, name, read)));
    expect([...verdicts].every((verdict) => ['not served', 'served', 'without effect'].includes(verdict))).toBe(true);
    expect(verdicts).toContain('served');
  });

  it.each(
    [servedByEvaluation, withoutEffect].flatMap((table) => Object.entries(table)).filter(([type]) => type !== '*'),
  )('of %s names only arguments that the provider has', (type, names) => {
    const known = providerSchema('managed', type)?.arguments;
    expect(names.filter((name) => !known?.has(name))).toEqual([]);
  });

  it('is that it is not served for what closes, limits or changes an API or a function', () => {
    const closing = {
      aws_api_gateway_rest_api: [
        'policy',
        'disable_execute_api_endpoint',
        'minimum_compression_size',
        'api_key_source',
      ],
      aws_api_gateway_method: ['authorizer_id', 'authorization_scopes'],
      aws_api_gateway_integration: ['credentials', 'connection_id', 'tls_config', 'content_handling'],
      aws_lambda_function: [
        'layers',
        'vpc_config',
        'reserved_concurrent_executions',
        'file_system_config',
        'image_config',
      ],
    };
    for (const [type, names] of Object.entries(closing)) {
      const read = reader.readArguments.get(type) ?? new Set();
      for (const name of names) expect([type, name, verdictOf(type, name, read)]).toEqual([type, name, 'not served']);
    }
  });
});

describe('what is listed at the start', () => {
  it('names arguments of served types that nobody serves, unless they are set to what is usual', () => {
    const api = (more: object) => ({ resource: { aws_api_gateway_rest_api: { api: { name: 'api', ...more } } } });
    const policy = { disable_execute_api_endpoint: true, endpoint_configuration: { types: ['PRIVATE'] } };
    expect(unserved(api(policy))).toEqual([
      {
        type: 'aws_api_gateway_rest_api.disable_execute_api_endpoint',
        addresses: ['dev-api: aws_api_gateway_rest_api.api'],
      },
      { type: 'aws_api_gateway_rest_api.endpoint_configuration', addresses: ['dev-api: aws_api_gateway_rest_api.api'] },
    ]);
    const usual = {
      disable_execute_api_endpoint: false,
      endpoint_configuration: { types: ['REGIONAL'] },
      tags: { a: 'b' },
    };
    expect(unserved(api(usual))).toEqual([]);
  });

  it('names what is in a region that is neither of the two', () => {
    const json = {
      provider: { aws: [{ region: 'us-west-2' }] },
      resource: { aws_api_gateway_rest_api: { api: { name: 'api' } } },
    };
    expect(unserved(json)).toEqual([
      { type: 'aws_api_gateway_rest_api in us-west-2', addresses: ['dev-api: aws_api_gateway_rest_api.api'] },
    ]);
  });
});
