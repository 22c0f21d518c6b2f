const direction = '(?:central|north|south|east|west|northeast|northwest|southeast|southwest)';

interface Partition {
  readonly name: string;
  /** How its region codes look. A pattern and not a list, so that a new region needs no new release. */
  readonly pattern: RegExp;
  /** What the names of AWS's own hosts end with. */
  readonly dnsSuffix: string;
  /** Region that has Route 53's metrics. */
  readonly route53Region: string;
  /** Why the API cannot be deployed there. @default - it can */
  readonly lacks?: string;
}

const CLOSED = 'Route 53 checks no endpoints and serves no public names there, and failover is made of both';

/**
 * The partitions of AWS: regions that share accounts, ARNs and host names.
 *
 * Source: the partitions of the AWS SDK's endpoint rules; AWS GovCloud (US) User Guide, "Amazon Route 53": no public hosted zones, and aliases
 * to records of the same zone only.
 */
const partitions: readonly Partition[] = [
  {
    name: 'aws',
    pattern: codes('(?:af|ap|ca|eu|il|me|mx|sa|us)'),
    dnsSuffix: 'amazonaws.com',
    route53Region: 'us-east-1',
  },
  { name: 'aws-cn', pattern: codes('cn'), dnsSuffix: 'amazonaws.com.cn', route53Region: 'cn-northwest-1' },
  {
    name: 'aws-us-gov',
    pattern: codes('us-gov'),
    dnsSuffix: 'amazonaws.com',
    route53Region: 'us-gov-west-1',
    lacks: 'Route 53 has no public hosted zones there, and failover is made of records in one',
  },
  { name: 'aws-eusc', pattern: codes('eusc-[a-z]{2}'), dnsSuffix: 'amazonaws.eu', route53Region: 'eusc-de-east-1' },
  { name: 'aws-iso', pattern: codes('us-iso'), dnsSuffix: 'c2s.ic.gov', route53Region: 'us-iso-east-1', lacks: CLOSED },
  {
    name: 'aws-iso-b',
    pattern: codes('us-isob'),
    dnsSuffix: 'sc2s.sgov.gov',
    route53Region: 'us-isob-east-1',
    lacks: CLOSED,
  },
  {
    name: 'aws-iso-e',
    pattern: codes('eu-isoe'),
    dnsSuffix: 'cloud.adc-e.uk',
    route53Region: 'eu-isoe-west-1',
    lacks: CLOSED,
  },
  {
    name: 'aws-iso-f',
    pattern: codes('us-isof'),
    dnsSuffix: 'csp.hci.ic.gov',
    route53Region: 'us-isof-south-1',
    lacks: CLOSED,
  },
];

function codes(area: string): RegExp {
  return new RegExp(`^${area}-${direction}-[1-9]$`);
}

/** Partition of a region (`aws` for `eu-central-1`), `undefined` for what is not a region code. */
export function knownPartition(region: string): string | undefined {
  return find(region)?.name;
}

/** Why the API cannot be deployed to a region; `undefined` where it can, and for what is not a region code. */
export function lackOf(region: string): string | undefined {
  return find(region)?.lacks;
}

/** What follows `arn:` in the ARNs of a region. @default 'aws' for what is not a region code */
export function partitionOf(region: string): string {
  return find(region)?.name ?? 'aws';
}

/**
 * The one region of a partition that has the metrics of Route 53's health checks, and so the alarms on them.
 *
 * Source: Amazon Route 53 Developer Guide, "Monitoring health checks using CloudWatch".
 */
export function route53Region(region: string): string {
  return find(region)?.route53Region ?? 'us-east-1';
}

/** Where CloudFront takes certificates, web ACLs and logs from. Source: Amazon CloudFront Developer Guide, "Requirements for using SSL/TLS certificates". */
export const EDGE_REGION = 'us-east-1';

/** Host of one of AWS's services in a region: `apigateway.eu-central-1.amazonaws.com`. */
export function serviceHost(service: string, region: string): string {
  return `${service}.${region}.${find(region)?.dnsSuffix ?? 'amazonaws.com'}`;
}

/** Host of a bucket. Source: Amazon S3 User Guide, "Virtual hosting of general purpose buckets". */
export function bucketHost(bucket: string, region: string): string {
  return `${bucket}.${serviceHost('s3', region)}`;
}

/** Host of an API's default endpoint. Source: Amazon API Gateway Developer Guide, "Invoke REST APIs". */
export function executeApiHost(apiId: string, region: string): string {
  return `${apiId}.${serviceHost('execute-api', region)}`;
}

function find(region: string): Partition | undefined {
  return partitions.find(({ pattern }) => pattern.test(region));
}
