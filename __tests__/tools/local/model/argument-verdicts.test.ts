import { describe, expect, it } from 'vitest';
import { servedByEvaluation, verdictOf, withoutEffect } from '#local/model/arguments/argument-verdicts.ts';
import { buildModel, readModel } from '#local/model/build-model.ts';
import { ResourceReader } from '#local/model/resource-reader.ts';
import type { EvaluatedResource } from '#local/terraform/evaluation.ts';
import type { Json } from '#local/terraform/expression/value/value.ts';
import { evaluate, stack } from '#tests/tools/local/terraform/stack-fixture.ts';
import { providerArguments } from './provider-blocks.ts';

const regions = { stage: 'dev', primaryRegion: 'eu-central-1', secondaryRegion: 'eu-west-1' };
const reader = new ResourceReader([]);
readModel(reader, regions);
const types = [...reader.readArguments];
const unserved = (json: Parameters<typeof stack>[0]) => buildModel(evaluate([stack(json)]), regions).unserved;

/** The arguments of a type that are decided on by themselves: those of a block that isn't read, or has no effect, the block decides on. */
function decided(type: string, read: ReadonlySet<string>) {
  const verdict = (path: string) => verdictOf(type, path, read);
  return providerArguments(type)
    .filter(({ path }) => parentsOf(path).every((parent) => verdict(parent) === 'served'))
    .map((argument) => ({ ...argument, verdict: verdict(argument.path) }));
}

const parentsOf = (path: string) => {
  const parts = path.split('.');
  return parts.slice(1).map((_, at) => parts.slice(0, at + 1).join('.'));
};

/** Something that isn't what AWS does by itself; of a block that is read, nothing in it. */
function unusual({ path, isBlock, type, verdict }: ReturnType<typeof decided>[number]): Json {
  if (path === 'endpoint_configuration') return { types: ['PRIVATE'] };
  if (isBlock) return verdict === 'served' ? {} : { something: 'unusual' };
  if (type.startsWith('boolean')) return true;
  if (type.startsWith('number')) return 7;
  return /\[\]$/.test(type) ? ['unusual'] : 'unusual';
}

/** A resource of this type with nothing but this argument, which may stand in blocks. */
function resourceWith(type: string, path: string, value: Json): EvaluatedResource {
  const [first = '', ...rest] = path.split('.');
  const within = rest.reduceRight<Json>((inner, name) => [{ [name]: inner }], value);
  const place = { stack: 'dev-api', folder: '/app', region: 'eu-central-1', address: `${type}.x`, name: 'x' };
  return { ...place, mode: 'managed', type, values: { [first]: within }, configured: [first] };
}

describe('the verdict on an argument', () => {
  it('is there for those of every type that the runtime serves, at any depth', () => {
    expect(types.map(([type]) => type)).toEqual(
      expect.arrayContaining(['aws_lambda_function', 'aws_s3_bucket', 'aws_route53_record', 'aws_ssm_parameter']),
    );
    const served = types.flatMap(([type, read]) => decided(type, read).filter(({ verdict }) => verdict === 'served'));
    const listed = types.flatMap(([type, read]) =>
      decided(type, read).filter(({ verdict }) => verdict === 'not served'),
    );
    expect(served.length).toBeGreaterThan(200);
    expect(listed.length).toBeGreaterThan(80);
  });

  it.each(types)('of %s is kept: what is not served is listed by name, and nothing else is', (type, read) => {
    for (const argument of decided(type, read)) {
      const resource = resourceWith(type, argument.path, unusual(argument));
      const alone = new ResourceReader([resource]);
      readModel(alone, regions);
      const names = alone.unserved.map(({ name }) => name).filter((name) => name.includes('.'));
      expect([argument.path, names]).toEqual([
        argument.path,
        argument.verdict === 'not served' ? [`${type}.${argument.path}`] : [],
      ]);
    }
  });

  it.each(
    [servedByEvaluation, withoutEffect].flatMap((table) => Object.entries(table)).filter(([type]) => type !== '*'),
  )('of %s names only arguments that the provider has', (type, names) => {
    const known = new Set(providerArguments(type).map(({ path }) => path));
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });

  it('is never that it has no effect where its name says that it closes or limits something', () => {
    const closing =
      /auth|throttl|quota|limit|polic|principal|disable|private|vpc|tls|cors|grant|boundary|reserved|key_required/;
    const silent = types.flatMap(([type, read]) =>
      decided(type, read)
        .filter(({ path, verdict }) => verdict === 'without effect' && closing.test(path))
        .map(({ path }) => `${type}.${path}`),
    );
    expect(silent).toEqual([
      // Whom Lambda or API Gateway is to them; how deletes go; names; TLS.
      'aws_iam_role.assume_role_policy',
      'aws_iam_role.force_detach_policies',
      'aws_iam_role.inline_policy.name',
      'aws_api_gateway_domain_name.certificate_private_key',
      'aws_api_gateway_domain_name.security_policy',
      'aws_apigatewayv2_domain_name.domain_name_configuration.security_policy',
      'aws_cloudfront_distribution.default_cache_behavior.viewer_protocol_policy',
      'aws_cloudfront_distribution.ordered_cache_behavior.viewer_protocol_policy',
      'aws_cloudfront_distribution.origin.custom_origin_config.origin_protocol_policy',
    ]);
  });
});

describe('what is listed at the start', () => {
  it('names arguments of served types that nobody serves, unless they are set to what is usual', () => {
    const api = (more: object) => ({ resource: { aws_api_gateway_rest_api: { api: { name: 'api', ...more } } } });
    const policy = { minimum_compression_size: 10, endpoint_configuration: { types: ['PRIVATE'] } };
    expect(unserved(api(policy))).toEqual([
      { type: 'aws_api_gateway_rest_api.endpoint_configuration', addresses: ['dev-api: aws_api_gateway_rest_api.api'] },
      {
        type: 'aws_api_gateway_rest_api.minimum_compression_size',
        addresses: ['dev-api: aws_api_gateway_rest_api.api'],
      },
    ]);
    const usual = {
      fail_on_warnings: false,
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
