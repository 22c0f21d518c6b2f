import { describe, expect, it } from 'vitest';
import { localParameterValues, parameterProblem } from '#stacks/settings/parameter-values.ts';
import { parameterCatalogue } from '#stacks/settings/parameters.ts';

const regions = { primaryRegion: 'us-east-1', secondaryRegion: 'ap-southeast-2' };
const arn = 'arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef';

describe('S0.5 the catalogue of parameters', () => {
  it('holds what the stacks read', () => {
    expect(Object.keys(parameterCatalogue)).toEqual([
      'domain_name',
      'hosted_zone_id',
      'certificate_arn_primary',
      'certificate_arn_secondary',
      'api_key',
      'preview_api_key',
      'journeys_api_key',
      'events_domain_name',
      'events_principals',
      'jwt_issuer',
      'jwt_audience',
      'container_domain_name',
      'container_image',
      'replacement_map',
      'alarm_email',
      'certificate_arn_edge',
      'edge_secret',
      'pipeline_connection_arn',
    ]);
  });

  it.each(Object.entries(parameterCatalogue))(
    '%s has a name that SSM accepts and a valid local value',
    (key, declaration) => {
      expect(declaration.name).toBe(key);
      expect(key).toMatch(/^(?!aws|ssm)[\w.-]+$/i);
      expect(declaration.localValue).toMatch(declaration.pattern);
      expect(declaration.localValue.length).toBeLessThanOrEqual(4096);
      expect(parameterProblem(key, localParameterValues(regions)[key] ?? '', regions)).toBeUndefined();
    },
  );

  it('S0.16 marks the keys as local, keeps them apart and as long as API Gateway asks', () => {
    const keys = ['api_key', 'preview_api_key'].map((name) => parameterCatalogue[name]?.localValue ?? '');
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) {
      expect(key).toContain('local-only');
      expect(key.length).toBeGreaterThanOrEqual(20);
      expect(key.length).toBeLessThanOrEqual(128);
    }
  });

  it('masks the API keys and the secret of the edge, and nothing else', () => {
    const secrets = Object.values(parameterCatalogue).filter(({ secret }) => secret);
    expect(secrets.map(({ name }) => name)).toEqual(['api_key', 'preview_api_key', 'journeys_api_key', 'edge_secret']);
  });

  it('moves the local certificates to the regions of the settings', () => {
    const values = localParameterValues(regions);
    expect(values.certificate_arn_primary).toMatch(/^arn:aws:acm:us-east-1:/);
    expect(values.certificate_arn_secondary).toMatch(/^arn:aws:acm:ap-southeast-2:/);
  });
});

describe('S0.5 the value of a parameter', () => {
  it.each([
    ['domain_name', 'api.example.com'],
    ['domain_name', 'a.xn--p1ai'],
    ['hosted_zone_id', 'Z0123456789ABCDEFGHIJ'],
    ['certificate_arn_primary', arn],
    ['api_key', 'a'.repeat(20)],
    ['api_key', 'a'.repeat(128)],
    ['api_key', `${'a'.repeat(40)},${'b'.repeat(40)}`],
    ['events_principals', '123456789012'],
    [
      'events_principals',
      '123456789012,arn:aws:iam::123456789012:role/path/to/Role-1,arn:aws:iam::123456789012:user/a@b',
    ],
    ['replacement_map', '{}'],
    ['replacement_map', '{ "colour": "color",\n"naïve": "" }\n'],
    ['alarm_email', 'first.last+alarms@mail.example.com'],
  ])('accepts %s = %s', (name, value) => {
    expect(parameterProblem(name, value, regions)).toBeUndefined();
  });

  it.each([
    ['domain_name', 'https://api.example.com', /^domain_name: got "https.*allowed: a lower-case domain name/],
    ['domain_name', 'api', /allowed/],
    ['domain_name', 'api.example.com.', /allowed/],
    ['domain_name', '-a.example.com', /allowed/],
    ['domain_name', `${'a'.repeat(64)}.example.com`, /allowed/],
    ['hosted_zone_id', '/hostedzone/Z012', /allowed: a hosted zone id/],
    ['certificate_arn_secondary', arn, /allowed: an ARN in the secondary region ap-southeast-2/],
    ['certificate_arn_primary', 'arn:aws:iam::123456789012:server-certificate/x', /allowed: the ARN of an ACM/],
    ['api_key', `${'a'.repeat(40)},short`, /allowed: 20 to 128 .* during a rotation the new key, a comma and the old/],
    ['api_key', `${'a'.repeat(40)},`.repeat(2) + 'a'.repeat(40), /allowed/],
    ['events_domain_name', `${'a'.repeat(53)}.example.com`, /allowed: a lower-case domain name of at most 64/],
    ['events_principals', '*', /allowed: account ids/],
    [
      'events_principals',
      'arn:aws-cn:iam::123456789012:root',
      /allowed: ARNs that begin with arn:aws:, the partition of/,
    ],
    ['replacement_map', '{"{{name}}":"x"}', /allowed: none, as Parameter Store .* write it as "\\u007b\{"/],
    ['events_principals', '123456789012, 123456789013', /allowed: account ids/],
    ['replacement_map', '["a"]', /allowed: a JSON object/],
    ['replacement_map', '{"a":}', /It is not valid JSON \(.*Allowed is an object of strings/],
    ['replacement_map', '{"a":1,"b":[]}', /"a" has a number for its value; allowed is a string\. "b" has an array/],
    ['replacement_map', '{"":"x"}', /"" is an empty key: remove it/],
    ['replacement_map', '{"Colour":"x","colour":"y"}', /differ in case only: keep one/],
    [
      'replacement_map',
      `{"a":"${'é'.repeat(4000)}","b":"${'b'.repeat(190)}"}`,
      /got 8205 bytes, allowed: at most 8192/,
    ],
    ['container_image', 'latest', /allowed: the digest of an image: sha256: and 64/],
    ['alarm_email', 'a@b', /allowed: one e-mail/],
    ['alarm_email', 'a@example.com, b@example.com', /allowed: one e-mail/],
    ['alarm_mail', 'a@example.com', /Did you mean "alarm_email"\?/],
    ['constructor', 'a', /^got the parameter constructor, allowed: domain_name/],
  ])('refuses %s = %s', (name, value, message) => {
    expect(parameterProblem(name, value, regions)).toMatch(message);
  });

  it('does not repeat a secret value', () => {
    expect(parameterProblem('api_key', 'short', regions)).toMatch(
      /^api_key: got a value of 5 characters, allowed: 20 to 128/,
    );
  });
});
