/** Regions that the table has prices for. */
export type PricedRegion = 'us-east-1' | 'eu-west-1' | 'eu-central-1';

export const PRICED_REGIONS: readonly PricedRegion[] = ['us-east-1', 'eu-west-1', 'eu-central-1'];

/** The day that the prices were read on. */
export const PRICED_ON = '2026-08-16';

/** List prices in US dollars, without free tiers, discounts for volume and taxes. */
interface Price {
  readonly service: string;
  /** What one unit is. */
  readonly unit: string;
  /** Dollars per unit: everywhere the same, or by region. */
  readonly dollars: number | Readonly<Record<PricedRegion, number>>;
  /** `list`: AWS's price list files of {@link PRICED_ON}; `page`: the service's price page; `bill`: a published bill. */
  readonly source: 'list' | 'page' | 'bill';
}

/** @param eastwards - in the order us-east-1, eu-west-1, eu-central-1 */
function by(...eastwards: readonly [number, number, number]): Record<PricedRegion, number> {
  const [virginia, ireland, frankfurt] = eastwards;
  return { 'us-east-1': virginia, 'eu-west-1': ireland, 'eu-central-1': frankfurt };
}

/** Items that something is charged for. */
export const PRICES = {
  'rest-request': {
    service: 'API Gateway',
    unit: 'million requests, REST API',
    dollars: by(3.5, 3.5, 3.7),
    source: 'list',
  },
  'http-request': {
    service: 'API Gateway',
    unit: 'million requests of 512 KB, HTTP API',
    dollars: by(1, 1.11, 1.2),
    source: 'list',
  },
  'lambda-request': { service: 'Lambda', unit: 'million requests', dollars: 0.2, source: 'page' },
  'lambda-arm': { service: 'Lambda', unit: 'GB-second, arm64', dollars: 0.0000133334, source: 'page' },
  'lambda-x86': { service: 'Lambda', unit: 'GB-second, x86_64', dollars: 0.0000166667, source: 'page' },
  'lambda-provisioned-arm': {
    service: 'Lambda',
    unit: 'GB-second of provisioned concurrency, arm64',
    dollars: 0.0000033334,
    source: 'page',
  },
  'dynamodb-write': {
    service: 'DynamoDB',
    unit: 'million write request units',
    dollars: by(0.625, 0.705, 0.7625),
    source: 'list',
  },
  'dynamodb-read': {
    service: 'DynamoDB',
    unit: 'million read request units',
    dollars: by(0.125, 0.1415, 0.1525),
    source: 'list',
  },
  'dynamodb-storage': { service: 'DynamoDB', unit: 'GB-month', dollars: by(0.25, 0.283, 0.306), source: 'list' },
  'dynamodb-recovery': {
    service: 'DynamoDB',
    unit: 'GB-month of point-in-time recovery',
    dollars: by(0.2, 0.22, 0.2448),
    source: 'list',
  },
  's3-storage': { service: 'S3', unit: 'GB-month', dollars: by(0.023, 0.023, 0.0245), source: 'list' },
  's3-write': { service: 'S3', unit: 'thousand PUT, POST, LIST', dollars: by(0.005, 0.005, 0.0054), source: 'list' },
  's3-read': { service: 'S3', unit: 'thousand GET', dollars: by(0.0004, 0.0004, 0.00043), source: 'list' },
  's3-time-control': { service: 'S3', unit: 'GB copied within 15 minutes', dollars: 0.015, source: 'page' },
  'logs-ingested': { service: 'CloudWatch', unit: 'GB of logs taken in', dollars: by(0.5, 0.57, 0.63), source: 'list' },
  'logs-stored': { service: 'CloudWatch', unit: 'GB-month of logs', dollars: by(0.03, 0.03, 0.0324), source: 'list' },
  'alarm-metric': { service: 'CloudWatch', unit: 'metric of an alarm', dollars: 0.1, source: 'list' },
  'custom-metric': { service: 'CloudWatch', unit: "metric of one's own", dollars: 0.3, source: 'page' },
  'alarm-composite': { service: 'CloudWatch', unit: 'composite alarm', dollars: 0.5, source: 'list' },
  'xray-trace': { service: 'X-Ray', unit: 'million traces kept', dollars: 5, source: 'page' },
  dashboard: { service: 'CloudWatch', unit: 'dashboard', dollars: 3, source: 'page' },
  'health-check': { service: 'Route 53', unit: 'health check of an AWS endpoint', dollars: 0.5, source: 'page' },
  'health-check-option': {
    service: 'Route 53',
    unit: 'option of a health check (HTTPS, 10 s, string, latency)',
    dollars: 1,
    source: 'page',
  },
  'dns-query': { service: 'Route 53', unit: 'million queries that are no alias', dollars: 0.4, source: 'page' },
  'web-acl': { service: 'WAF', unit: 'web ACL', dollars: 5, source: 'page' },
  'web-acl-rule': { service: 'WAF', unit: 'rule or managed group', dollars: 1, source: 'page' },
  'web-acl-request': { service: 'WAF', unit: 'million requests', dollars: 0.6, source: 'page' },
  'kms-key': { service: 'KMS', unit: 'key', dollars: 1, source: 'page' },
  'sns-mail': { service: 'SNS', unit: 'thousand e-mails', dollars: 0.02, source: 'page' },
  'ssm-advanced': { service: 'Systems Manager', unit: 'advanced parameter', dollars: 0.05, source: 'page' },
  'cloudfront-request': {
    service: 'CloudFront',
    unit: 'million HTTPS requests',
    dollars: by(1, 1.2, 1.2),
    source: 'page',
  },
  'cloudfront-transfer': { service: 'CloudFront', unit: 'GB to the internet', dollars: 0.085, source: 'page' },
  'transfer-out': { service: 'Data transfer', unit: 'GB to the internet', dollars: 0.09, source: 'list' },
  'transfer-region': { service: 'Data transfer', unit: 'GB to the other region', dollars: 0.02, source: 'page' },
  'nat-hour': { service: 'VPC', unit: 'hour of a NAT gateway', dollars: by(0.045, 0.048, 0.052), source: 'list' },
  'nat-gb': { service: 'VPC', unit: 'GB through a NAT gateway', dollars: by(0.045, 0.048, 0.052), source: 'list' },
  'ip-hour': { service: 'VPC', unit: 'hour of a public IPv4 address', dollars: 0.005, source: 'list' },
  'endpoint-hour': {
    service: 'VPC',
    unit: 'hour of an interface endpoint in one zone',
    dollars: by(0.01, 0.011, 0.012),
    source: 'list',
  },
  'alb-hour': { service: 'Load balancer', unit: 'hour', dollars: by(0.0225, 0.0252, 0.027), source: 'bill' },
  'alb-lcu': { service: 'Load balancer', unit: 'hour of a capacity unit', dollars: 0.008, source: 'list' },
  'fargate-vcpu': {
    service: 'Fargate',
    unit: 'vCPU-hour, arm64',
    dollars: by(0.03238, 0.03238, 0.03725),
    source: 'list',
  },
  'fargate-gb': { service: 'Fargate', unit: 'GB-hour, arm64', dollars: by(0.00356, 0.00356, 0.00409), source: 'list' },
  'ecr-storage': { service: 'ECR', unit: 'GB-month', dollars: 0.1, source: 'list' },
} as const satisfies Record<string, Price>;

export type PriceItem = keyof typeof PRICES;

/** Hours of a month, as AWS's calculators count it. */
export const MONTH_HOURS = 730;

/**
 * Checkers that ask one health check at the same time. AWS publishes no number: "a dozen or so" locations were counted, and 60 to 100
 * requests a minute at an interval of 10 s.
 */
export const CHECKERS = 16;

/** Dollars of one unit in a region. */
export function unitPrice(item: PriceItem, region: PricedRegion): number {
  const { dollars }: Price = PRICES[item];
  return typeof dollars === 'number' ? dollars : dollars[region];
}
