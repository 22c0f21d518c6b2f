import type { IncomingMessage } from 'node:http';

/** A call as IAM judges it. */
export interface RecordedCall {
  /** Access key of who asked. */
  readonly by: string;
  /** `dynamodb:CreateTable` */
  readonly action: string;
  /** ARN, or `*` where the request does not tell. */
  readonly resource: string;
}

/** Region and service that a request is signed for: `us-east-1`, `route53`. Source: AWS Signature Version 4, "Credential". */
export function scopeOf({ headers }: IncomingMessage): { readonly region: string; readonly service: string } {
  const [, region = '', service = ''] =
    /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  return { region, service };
}

const ACCOUNT = '123456789012';

/** Names of actions that differ from the operation's. Source: Service Authorization Reference. */
const S3_SUBRESOURCES: Readonly<Record<string, string>> = {
  accelerate: 'AccelerateConfiguration',
  acl: 'BucketAcl',
  cors: 'BucketCORS',
  encryption: 'EncryptionConfiguration',
  lifecycle: 'LifecycleConfiguration',
  location: 'BucketLocation',
  logging: 'BucketLogging',
  'object-lock': 'BucketObjectLockConfiguration',
  ownershipControls: 'BucketOwnershipControls',
  policy: 'BucketPolicy',
  publicAccessBlock: 'BucketPublicAccessBlock',
  replication: 'ReplicationConfiguration',
  requestPayment: 'BucketRequestPayment',
  tagging: 'BucketTagging',
  versioning: 'BucketVersioning',
  website: 'BucketWebsite',
};

/** Method and path of Lambda's and Route 53's REST calls → action. The first that matches counts. */
const REST: readonly (readonly [RegExp, string])[] = [
  [/^POST \/2015-03-31\/functions$/, 'lambda:CreateFunction'],
  [/^GET \/2015-03-31\/functions\/[^/]+\/aliases$/, 'lambda:ListAliases'],
  [/^POST \/2015-03-31\/functions\/[^/]+\/aliases$/, 'lambda:CreateAlias'],
  [/^GET \/2015-03-31\/functions\/[^/]+\/aliases\/[^/]+$/, 'lambda:GetAlias'],
  [/^PUT \/2015-03-31\/functions\/[^/]+\/aliases\/[^/]+$/, 'lambda:UpdateAlias'],
  [/^DELETE \/2015-03-31\/functions\/[^/]+\/aliases\/[^/]+$/, 'lambda:DeleteAlias'],
  [/^POST \/2015-03-31\/functions\/[^/]+\/policy$/, 'lambda:AddPermission'],
  [/^GET \/2015-03-31\/functions\/[^/]+\/policy$/, 'lambda:GetPolicy'],
  [/^DELETE \/2015-03-31\/functions\/[^/]+\/policy\/[^/]+$/, 'lambda:RemovePermission'],
  [/^GET \/2015-03-31\/functions\/[^/]+\/versions$/, 'lambda:ListVersionsByFunction'],
  [/^POST \/2015-03-31\/functions\/[^/]+\/versions$/, 'lambda:PublishVersion'],
  [/^GET \/2015-03-31\/functions\/[^/]+\/configuration$/, 'lambda:GetFunctionConfiguration'],
  [/^PUT \/2015-03-31\/functions\/[^/]+\/configuration$/, 'lambda:UpdateFunctionConfiguration'],
  [/^PUT \/2015-03-31\/functions\/[^/]+\/code$/, 'lambda:UpdateFunctionCode'],
  [/^PUT \/2017-10-31\/functions\/[^/]+\/concurrency$/, 'lambda:PutFunctionConcurrency'],
  [/^DELETE \/2017-10-31\/functions\/[^/]+\/concurrency$/, 'lambda:DeleteFunctionConcurrency'],
  [/^GET \/2019-09-30\/functions\/[^/]+\/concurrency$/, 'lambda:GetFunctionConcurrency'],
  [/^GET \/2020-06-30\/functions\/[^/]+\/code-signing-config$/, 'lambda:GetFunctionCodeSigningConfig'],
  [/^GET \/2015-03-31\/functions\/[^/]+$/, 'lambda:GetFunction'],
  [/^DELETE \/2015-03-31\/functions\/[^/]+$/, 'lambda:DeleteFunction'],
  [/^GET \/2016-08-19\/account-settings/, 'lambda:GetAccountSettings'],
  [/^GET \/2017-03-31\/tags\//, 'lambda:ListTags'],
  [/^POST \/2017-03-31\/tags\//, 'lambda:TagResource'],
  [/^POST \/2013-04-01\/healthcheck$/, 'route53:CreateHealthCheck'],
  [/^GET \/2013-04-01\/healthcheck$/, 'route53:ListHealthChecks'],
  [/^GET \/2013-04-01\/healthcheck\/[^/]+\/status$/, 'route53:GetHealthCheckStatus'],
  [/^GET \/2013-04-01\/healthcheck\/[^/]+$/, 'route53:GetHealthCheck'],
  [/^POST \/2013-04-01\/healthcheck\/[^/]+$/, 'route53:UpdateHealthCheck'],
  [/^DELETE \/2013-04-01\/healthcheck\/[^/]+$/, 'route53:DeleteHealthCheck'],
  [/^GET \/2013-04-01\/tags\//, 'route53:ListTagsForResource'],
  [/^POST \/2013-04-01\/tags\//, 'route53:ChangeTagsForResource'],
  [/^GET \/2013-04-01\/change\//, 'route53:GetChange'],
  [/^GET \/2013-04-01\/accountlimit\//, 'route53:GetAccountLimit'],
  [/^GET \/2013-04-01\/hostedzone\/[^/]+\/rrset$/, 'route53:ListResourceRecordSets'],
  [/^POST \/2013-04-01\/hostedzone\/[^/]+\/rrset\/?$/, 'route53:ChangeResourceRecordSets'],
  [/^GET \/2013-04-01\/hostedzone\/[^/]+$/, 'route53:GetHostedZone'],
];

const JSON_SERVICES: Readonly<Record<string, string>> = {
  DynamoDB: 'dynamodb',
  AmazonSSM: 'ssm',
  Logs: 'logs',
  CertificateManager: 'acm',
  GraniteServiceVersion20100801: 'cloudwatch',
  ServiceQuotasV20190624: 'servicequotas',
  TrentService: 'kms',
  AWSEvents: 'events',
  AWSWAF: 'wafv2',
};

/** What a request in JSON is about, by service: its field → what the field's name stands behind in an ARN. */
const JSON_RESOURCES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  acm: { CertificateArn: '' },
  dynamodb: { TableName: 'table/', ResourceArn: '' },
  events: { Name: 'rule/', Rule: 'rule/', ResourceARN: '' },
  logs: { logGroupName: 'log-group:', resourceArn: '' },
  ssm: { Name: 'parameter', Names: 'parameter', Path: 'parameter', ResourceId: 'parameter' },
};

/**
 * What IAM would be asked of a request.
 *
 * @param body - of a request in JSON or in AWS's query protocol; empty for others
 * @returns nothing for what is none of AWS's; a call that is not known here has an action that no policy allows
 */
export function callsOf(incoming: IncomingMessage, body = ''): readonly RecordedCall[] {
  const [, by = '', region = '', service = ''] =
    /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(incoming.headers.authorization ?? '') ?? [];
  if (service === '') return [];
  const target = incoming.headers['x-amz-target'];
  const asked =
    typeof target === 'string' ? jsonCalls(target, body, region) : [askedOf(incoming, body, region, service)];
  return asked.flatMap((call) => (call === undefined ? [] : [{ by, ...call }]));
}

type Asked = Omit<RecordedCall, 'by'>;

/** One call for each thing that the request names. */
function jsonCalls(target: string, body: string, region: string): readonly Asked[] {
  const [prefix = '', operation = ''] = target.split('.');
  const service = JSON_SERVICES[prefix.replace(/_\d+$/, '')] ?? prefix;
  const action = `${service}:${operation}`;
  const fields: Readonly<Record<string, unknown>> = JSON.parse(body === '' ? '{}' : body);
  const named = Object.entries(JSON_RESOURCES[service] ?? {}).flatMap(([field, kind]) =>
    [fields[field]].flat().flatMap((name) => {
      if (typeof name !== 'string') return [];
      return name.startsWith('arn:') ? name : `arn:aws:${service}:${region}:${ACCOUNT}:${kind}${name}`;
    }),
  );
  return named.length === 0 ? [{ action, resource: '*' }] : named.map((resource) => ({ action, resource }));
}

function askedOf(
  { method = '', url = '' }: IncomingMessage,
  body: string,
  region: string,
  service: string,
): Asked | undefined {
  const { pathname, searchParams } = new URL(url, 'http://aws');
  const rpc = /\/operation\/(\w+)$/.exec(pathname)?.[1];
  if (rpc !== undefined)
    return { action: `${service === 'monitoring' ? 'cloudwatch' : service}:${rpc}`, resource: '*' };
  const query = new URLSearchParams(body);
  if (query.has('Action')) {
    const name = query.get('RoleName');
    const resource = name === null ? '*' : `arn:aws:iam::${ACCOUNT}:role/${name}`;
    return { action: `${service === 'monitoring' ? 'cloudwatch' : service}:${query.get('Action')}`, resource };
  }
  if (service === 'apigateway') {
    return {
      action: `apigateway:${method}`,
      resource: `arn:aws:apigateway:${region}::${pathname.replace(/^\/v2/, '')}`,
    };
  }
  if (pathname === '/v20180820/configuration/publicAccessBlock')
    return { action: `s3:${method === 'GET' ? 'Get' : 'Put'}AccountPublicAccessBlock`, resource: '*' };
  if (service === 's3') return s3Call(method, decodeURIComponent(pathname), searchParams);
  const action = REST.find(([pattern]) => pattern.test(`${method} ${pathname.replace(/\/$/, '')}`))?.[1];
  if (action === undefined) return { action: `${service}:${method} ${pathname}`, resource: '*' };
  const [, functionName] = /\/functions\/([^/]+)/.exec(pathname) ?? [];
  const name = decodeURIComponent(functionName ?? '').replace(/^.*:function:/, '');
  if (name !== '') return { action, resource: `arn:aws:lambda:${region}:${ACCOUNT}:function:${name}` };
  const [, kind, id] = /\/(hostedzone|healthcheck|change)\/([^/]+)/.exec(pathname) ?? [];
  return { action, resource: kind === undefined ? '*' : `arn:aws:route53:::${kind}/${id}` };
}

function s3Call(method: string, path: string, query: URLSearchParams): Asked | undefined {
  const [, bucket = '', key] = /^\/([^/]+)\/?(.+)?$/.exec(path) ?? [];
  const arn = `arn:aws:s3:::${bucket}`;
  if (bucket === '') return { action: 's3:ListAllMyBuckets', resource: '*' };
  if (key !== undefined) {
    const version = query.has('versionId') ? 'Version' : '';
    const suffix = query.has('tagging') ? `Object${version}Tagging` : `Object${version}`;
    const verb = { GET: 'Get', HEAD: 'Get', PUT: 'Put', DELETE: 'Delete', POST: 'Put' }[method] ?? method;
    // Writing has no action for a version.
    return {
      action: `s3:${verb}${verb === 'Put' ? suffix.replace('Version', '') : suffix}`,
      resource: `${arn}/${key}`,
    };
  }
  const subresource = Object.keys(S3_SUBRESOURCES).find((name) => query.has(name));
  if (subresource !== undefined) {
    // DeleteBucketPolicy is the only deletion with an action of its own here.
    const verb = { GET: 'Get', PUT: 'Put' }[method] ?? (subresource === 'policy' ? 'Delete' : 'Put');
    return { action: `s3:${verb}${S3_SUBRESOURCES[subresource]}`, resource: arn };
  }
  if (query.has('versions')) return { action: 's3:ListBucketVersions', resource: arn };
  if (method === 'POST') return { action: 's3:DeleteObjectVersion', resource: `${arn}/*` };
  const action = { PUT: 'CreateBucket', DELETE: 'DeleteBucket' }[method] ?? 'ListBucket';
  return { action: `s3:${action}`, resource: arn };
}
