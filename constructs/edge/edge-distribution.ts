import { CloudfrontDistribution } from '@cdktf/provider-aws/lib/cloudfront-distribution';
import { Construct } from 'constructs';

/** How requests of a path are treated in another way than all others. */
export interface EdgeBehavior {
  /** `/user/*` */
  readonly pathPattern: string;
  /** Of the policy by which responses are kept. @default - none is kept */
  readonly cachePolicyId?: string;
  /** What fails is sent to the standby at once: reads alone may come. */
  readonly usesStandby: boolean;
}

export interface EdgeDistributionProps {
  readonly comment: string;
  /** What clients call, and what the origins see as `Host`. */
  readonly publicName: string;
  /** ACM certificate of that name in us-east-1. */
  readonly certificateArn: string;
  readonly webAclArn: string;
  readonly priceClass: string;
  /** Name whose records follow the regions' health. */
  readonly originName: string;
  /** Host of the region that stands by, for behaviors that use it. */
  readonly standbyHost: string;
  /** By what the origin knows the edge. */
  readonly secret: { readonly header: string; readonly value: string };
  /** The first that matches a path counts. */
  readonly behaviors: readonly EdgeBehavior[];
}

/** AWS's own policies, by their ids, which are the same in all accounts. Source: CloudFront Developer Guide, "Use managed cache policies" and others. */
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const ALL_VIEWER = '216adef6-5c7f-47e4-b989-5493eafa07d3';
const SECURITY_HEADERS = '67f7725c-6f97-4210-82d7-5512b31e9d03';

const READS = ['GET', 'HEAD', 'OPTIONS'];
const ALL_METHODS = [...READS, 'DELETE', 'PATCH', 'POST', 'PUT'];

/** Every status of an error that CloudFront would keep for ten seconds. Source: CloudFront Developer Guide, "HTTP 4xx and 5xx status codes from an origin". */
const ERROR_STATUSES = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

/** A failed connection counts as 503, one that is too late as 504. */
const FAILOVER_STATUSES = [500, 502, 503, 504];

const REGION = 'region';
const STANDBY = 'standby';
const READS_OF_EITHER = 'reads-of-either-region';

/**
 * CloudFront before one public name. Its origin is the API's own custom domain, by a name that Route 53 leads to the region that serves, and it is asked
 * by the public name: so writes fail over, too, signatures stay good, and neither a switch nor a failover changes the distribution. Nothing is kept
 * unless a behavior says so, errors never.
 *
 * Source: Amazon CloudFront Developer Guide, "Values that you specify when you create or update a distribution", "Optimize high availability with
 * CloudFront origin failover", "How CloudFront processes HTTP 4xx and 5xx status codes from your origin".
 */
export class EdgeDistribution extends Construct {
  readonly arn: string;
  /** What alias records point at, as those of a region: `d111111abcdef8.cloudfront.net`. */
  readonly regionalDomainName: string;
  /** Hosted zone of all distributions. */
  readonly regionalZoneId: string;

  constructor(scope: Construct, id: string, props: EdgeDistributionProps) {
    super(scope, id);
    const { publicName, secret, behaviors } = props;
    const usesStandby = behaviors.some((behavior) => behavior.usesStandby);
    const origin = (originId: string, domainName: string) => ({
      originId,
      domainName,
      // Twice 3 s and not three times 10 s, before a read goes to the other region and a write is refused.
      connectionAttempts: 2,
      connectionTimeout: 3,
      customHeader: [{ name: secret.header, value: secret.value }],
      customOriginConfig: {
        httpPort: 80,
        httpsPort: 443,
        originProtocolPolicy: 'https-only',
        originSslProtocols: ['TLSv1.2'],
        // API Gateway gives up after 29 s.
        originReadTimeout: 30,
        originKeepaliveTimeout: 5,
      },
    });
    const common = {
      // API Gateway has no port 80 either: a redirect would let a client send its key in clear text for good, and never notice.
      viewerProtocolPolicy: 'https-only',
      originRequestPolicyId: ALL_VIEWER,
      responseHeadersPolicyId: SECURITY_HEADERS,
      cachedMethods: ['GET', 'HEAD'],
      compress: true,
    };
    const distribution = new CloudfrontDistribution(this, 'distribution', {
      enabled: true,
      comment: props.comment,
      aliases: [publicName],
      httpVersion: 'http2and3',
      isIpv6Enabled: true,
      priceClass: props.priceClass,
      webAclId: props.webAclArn,
      // Records lead here when every place of the edge knows the name, not before.
      waitForDeployment: true,
      viewerCertificate: {
        acmCertificateArn: props.certificateArn,
        minimumProtocolVersion: 'TLSv1.2_2021',
        sslSupportMethod: 'sni-only',
      },
      restrictions: { geoRestriction: { restrictionType: 'none' } },
      origin: [origin(REGION, props.originName), ...(usesStandby ? [origin(STANDBY, props.standbyHost)] : [])],
      ...(usesStandby && {
        originGroup: [
          {
            originId: READS_OF_EITHER,
            failoverCriteria: { statusCodes: FAILOVER_STATUSES },
            member: [{ originId: REGION }, { originId: STANDBY }],
          },
        ],
      }),
      defaultCacheBehavior: {
        ...common,
        targetOriginId: REGION,
        cachePolicyId: CACHING_DISABLED,
        allowedMethods: ALL_METHODS,
      },
      orderedCacheBehavior: behaviors.map((behavior) => ({
        ...common,
        pathPattern: behavior.pathPattern,
        targetOriginId: behavior.usesStandby ? READS_OF_EITHER : REGION,
        cachePolicyId: behavior.cachePolicyId ?? CACHING_DISABLED,
        allowedMethods: behavior.usesStandby ? READS : ALL_METHODS,
      })),
      customErrorResponse: ERROR_STATUSES.map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 })),
    });
    this.arn = distribution.arn;
    this.regionalDomainName = distribution.domainName;
    this.regionalZoneId = distribution.hostedZoneId;
  }
}
