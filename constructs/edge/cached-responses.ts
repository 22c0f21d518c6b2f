import { CloudfrontCachePolicy } from '@cdktf/provider-aws/lib/cloudfront-cache-policy';
import { Construct } from 'constructs';

export interface CachedResponsesProps {
  /** Unique in the account. */
  readonly name: string;
  /** How long a response is kept where its own `Cache-Control` does not say less. */
  readonly seconds: number;
  /** What a response depends on beside the path; nothing else reaches the origin under these names. */
  readonly query: readonly string[];
  /** In small letters; `Origin`, by which CORS responses differ, is always one. */
  readonly headers: readonly string[];
}

/**
 * How CloudFront keeps responses of one operation: by path, and by exactly what its contract declares.
 *
 * Source: Amazon CloudFront Developer Guide, "Understand cache policies", "Manage how long content stays in the cache".
 */
export class CachedResponses extends Construct {
  readonly policyId: string;

  constructor(scope: Construct, id: string, { name, seconds, query, headers }: CachedResponsesProps) {
    super(scope, id);
    const policy = new CloudfrontCachePolicy(this, 'policy', {
      name,
      minTtl: 0,
      defaultTtl: seconds,
      maxTtl: seconds,
      parametersInCacheKeyAndForwardedToOrigin: {
        enableAcceptEncodingBrotli: true,
        enableAcceptEncodingGzip: true,
        cookiesConfig: { cookieBehavior: 'none' },
        headersConfig: { headerBehavior: 'whitelist', headers: { items: ['origin', ...headers] } },
        queryStringsConfig:
          query.length === 0
            ? { queryStringBehavior: 'none' }
            : { queryStringBehavior: 'whitelist', queryStrings: { items: [...query] } },
      },
    });
    this.policyId = policy.id;
  }
}
