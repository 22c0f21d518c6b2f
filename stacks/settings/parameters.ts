/** A value that a stage keeps in SSM Parameter Store, under `/APP_NAME/stage/name`, as a SecureString. */
export interface ParameterDeclaration {
  readonly name: string;
  readonly description: string;
  /** What a value must match as a whole. */
  readonly pattern: RegExp;
  /** The pattern in words, for messages. */
  readonly allowed: string;
  /** Whether commands mask the value. */
  readonly secret: boolean;
  /** The region that the value, an ARN, must belong to. @default the value belongs to no region */
  readonly region?: 'primary' | 'secondary';
  /** Stacks that read it; with one of them `PARAMETERS` must list it. Without: it does where the contract asks for it. */
  readonly neededBy: readonly string[];
  /** Valid value that the local runtime uses. It opens nothing anywhere else. */
  readonly localValue: string;
}

const domainName = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;
/** Of a certificate that the stacks request. Source: AWS Certificate Manager API Reference, "RequestCertificate", `DomainName`. */
const certifiedName = new RegExp(`^(?=.{1,64}$)${domainName.source.slice(1)}`);
const certificateArn =
  /^arn:aws(?:-[a-z]+)*:acm:[a-z0-9-]+:\d{12}:certificate\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
// Visible characters that need no escaping in a header, a CSV file or a shell.
const apiKey = /^[A-Za-z0-9_-]{20,128}(?:,[A-Za-z0-9_-]{20,128})?$/;
const allowedKey =
  '20 to 128 letters, digits, hyphens and underscores; during a rotation the new key, a comma and the old key';
const principal = String.raw`(?:\d{12}|arn:aws(?:-[a-z]+)*:iam::\d{12}:(?:root|(?:role|user)/[\w+=,.@/-]*[\w+=.@-]))`;

/** Issuer of the local runtime's tokens. The name is reserved for loopback (RFC 6761, 6.3), and nothing listens there. */
export const LOCAL_ISSUER = 'https://issuer.two-region.localhost';

/** Of the API key that the contract's journeys show. */
export const JOURNEYS_KEY = 'journeys_api_key';

const declarations = [
  {
    name: 'domain_name',
    description: 'Public name of the REST API, in the hosted zone.',
    pattern: domainName,
    allowed: 'a lower-case domain name such as api.example.com',
    secret: false,
    neededBy: ['certificates', 'entry', 'routing'],
    localValue: 'api.two-region.localhost',
  },
  {
    name: 'hosted_zone_id',
    description: 'Route 53 hosted zone that holds the public names.',
    pattern: /^Z[A-Z0-9]{1,31}$/,
    allowed: 'a hosted zone id such as Z0123456789ABCDEFGHIJ',
    secret: false,
    neededBy: ['certificates', 'entry', 'routing'],
    localValue: 'ZLOCALTWOREGION',
  },
  {
    name: 'certificate_arn_primary',
    description: 'ACM certificate of the public name, issued in the primary region.',
    pattern: certificateArn,
    allowed: 'the ARN of an ACM certificate: arn:aws:acm:REGION:ACCOUNT:certificate/ID',
    secret: false,
    region: 'primary',
    neededBy: ['entry'],
    localValue: 'arn:aws:acm:eu-central-1:000000000000:certificate/00000000-0000-4000-8000-000000000001',
  },
  {
    name: 'certificate_arn_secondary',
    description: 'ACM certificate of the public name, issued in the secondary region.',
    pattern: certificateArn,
    allowed: 'the ARN of an ACM certificate: arn:aws:acm:REGION:ACCOUNT:certificate/ID',
    secret: false,
    region: 'secondary',
    neededBy: ['entry'],
    localValue: 'arn:aws:acm:eu-west-1:000000000000:certificate/00000000-0000-4000-8000-000000000002',
  },
  {
    name: 'api_key',
    description: 'Value of the API key for the API environments, the same in both regions.',
    // 20 to 128: API Gateway Developer Guide, "API Gateway API key file format".
    pattern: apiKey,
    allowed: allowedKey,
    secret: true,
    neededBy: ['entry'],
    localValue: 'local-only-api-key-for-both-regions',
  },
  {
    name: 'preview_api_key',
    description:
      "Value of the preview environment's API key. Another one than api_key: API Gateway refuses a value twice.",
    pattern: apiKey,
    allowed: allowedKey,
    secret: true,
    neededBy: ['preview'],
    localValue: 'local-only-preview-api-key-for-both-regions',
  },
  {
    name: JOURNEYS_KEY,
    description:
      "Value of the API key that the contract's journeys show, with JOURNEY_MINUTES. Another one than the others.",
    pattern: apiKey,
    allowed: allowedKey,
    secret: true,
    neededBy: [],
    localValue: 'local-only-journeys-api-key-for-both-regions',
  },
  {
    name: 'events_domain_name',
    description: 'Public name of the HTTP API, in the hosted zone; another one than domain_name.',
    pattern: certifiedName,
    allowed:
      'a lower-case domain name of at most 64 characters such as events.example.com, as ACM puts no longer one first',
    secret: false,
    neededBy: ['certificates', 'entry', 'routing'],
    localValue: 'events.two-region.localhost',
  },
  {
    name: 'events_principals',
    description: 'IAM principals that may assume the role which invokes the events routes, separated by commas.',
    pattern: new RegExp(`^${principal}(?:,${principal})*$`),
    allowed: 'account ids, or ARNs of accounts, roles or users, separated by commas without blanks',
    secret: false,
    neededBy: ['api'],
    localValue: 'arn:aws:iam::000000000000:root',
  },
  {
    name: 'jwt_issuer',
    description:
      "Issuer of the tokens that operations of auth 'jwt' ask for: a Cognito user pool, or any OpenID provider.",
    // Source: OpenID Connect Discovery 1.0, "Issuer Identifier"; `iss` must be the same to the letter, a slash at the end included.
    pattern: /^https:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?(?:\/[\w.~%/-]*)?$/,
    allowed:
      'an https URL without query and fragment, as tokens have it in iss: https://cognito-idp.REGION.amazonaws.com/POOL',
    secret: false,
    neededBy: [],
    localValue: LOCAL_ISSUER,
  },
  {
    name: 'jwt_audience',
    description: 'Whom those tokens are for: what they have in aud or, without it, in client_id, separated by commas.',
    // At most 50. Source: Amazon API Gateway Developer Guide, "Quotas for configuring and running an HTTP API in API Gateway".
    pattern: /^[^\s,]{1,256}(?:,[^\s,]{1,256}){0,49}$/,
    allowed: '1 to 50 names, separated by commas without blanks',
    secret: false,
    neededBy: [],
    localValue: 'two-region-local',
  },
  {
    name: 'container_domain_name',
    description: 'Public name of the container API, in the hosted zone.',
    pattern: certifiedName,
    allowed: 'a lower-case domain name such as container.example.com, of at most 64 characters',
    secret: false,
    neededBy: [],
    localValue: 'container.two-region.localhost',
  },
  {
    name: 'container_image',
    description: 'Digest of the image that the container API is deployed with, the same in both regions.',
    pattern: /^sha256:[0-9a-f]{64}$/,
    allowed: 'the digest of an image: sha256: and 64 hexadecimal digits',
    secret: false,
    neededBy: [],
    localValue: `sha256:${'0'.repeat(64)}`,
  },
  {
    name: 'replacement_map',
    description: 'Words that POST /string/replace replaces: a JSON object, word to replacement.',
    pattern: /^\s*\{[\s\S]*\}\s*$/,
    allowed: 'a JSON object of strings such as {"colour":"color"}',
    secret: false,
    neededBy: ['api'],
    localValue: '{"colour":"color","centre":"center"}',
  },
  {
    name: 'alarm_email',
    description:
      'Address that alarms are sent to. AWS writes to it once per region, and sends nothing until the link is followed.',
    pattern:
      /^[^\s@,;<>"]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+$/,
    allowed: 'one e-mail address',
    secret: false,
    neededBy: ['base', 'observability'],
    localValue: 'alarms@two-region.localhost',
  },
  {
    name: 'certificate_arn_edge',
    description: 'ACM certificate of both public names, issued in us-east-1, where CloudFront takes them from.',
    pattern: /^arn:aws:acm:us-east-1:\d{12}:certificate\/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    allowed: 'the ARN of an ACM certificate in us-east-1: arn:aws:acm:us-east-1:ACCOUNT:certificate/ID',
    secret: false,
    neededBy: [],
    localValue: 'arn:aws:acm:us-east-1:000000000000:certificate/00000000-0000-4000-8000-000000000003',
  },
  {
    name: 'edge_secret',
    description: 'What the edge sends along so that the regions know it; two-region edge rotate makes a new one.',
    pattern: apiKey,
    allowed:
      '20 to 128 letters, digits, hyphens and underscores; during a rotation the new value, a comma and the old one',
    secret: true,
    neededBy: [],
    localValue: 'local-only-secret-of-the-edge',
  },
  {
    name: 'pipeline_connection_arn',
    description: 'Connection of CodeConnections to where the repository is; somebody must have confirmed it.',
    pattern: /^arn:aws[a-z-]*:code(?:connections|star-connections):[a-z0-9-]+:\d{12}:connection\/[0-9a-f-]{36}$/,
    allowed: 'the ARN of a connection: arn:aws:codeconnections:REGION:ACCOUNT:connection/ID',
    secret: false,
    neededBy: [],
    localValue: 'arn:aws:codeconnections:eu-west-1:000000000000:connection/00000000-0000-4000-8000-000000000004',
  },
] as const satisfies readonly ParameterDeclaration[];

/** Name of a parameter that the stacks know. */
export type ParameterName = (typeof declarations)[number]['name'];

/** Every parameter that the stacks know, by name. */
export const parameterCatalogue: Readonly<Record<string, ParameterDeclaration>> = Object.fromEntries(
  declarations.map((declaration) => [declaration.name, declaration]),
);

/**
 * The API keys that a parameter holds: the current one, and during a rotation the one before it, separated by a comma.
 *
 * @returns the current one first
 */
export function keyValues(parameter: string): readonly [current: string, previous?: string] {
  const [current = '', previous] = parameter.split(',');
  return previous === undefined ? [current] : [current, previous];
}
