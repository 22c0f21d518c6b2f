import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3Object } from '@cdktf/provider-aws/lib/s3-object';
import { Construct } from 'constructs';
import { denyPlainHttp, type VersionedBucketProps, versionedBucket } from '#constructs/versioned-bucket.ts';
import { ROUTE_KEY, writeRoute } from '#contract/route-document.ts';

/**
 * Where a region says whether traffic keeps away from the other one: one object that everybody may read over TLS, in a bucket of its own, outside the
 * API, so that neither its throttle nor its load decides. It is there from the start and says `home`; who changes it is the command `route-away`, and
 * Terraform leaves it as it is from then on. Its versions are the history.
 *
 * Source: AWS, "Creating Disaster Recovery Mechanisms Using Amazon Route 53", standby takes over primary.
 */
export class RouteControl extends Construct {
  readonly bucketName: string;
  readonly objectArn: string;

  constructor(scope: Construct, id: string, props: VersionedBucketProps) {
    super(scope, id);
    const { bucket, arn, versioning } = versionedBucket(this, props);
    this.bucketName = bucket;
    this.objectArn = `${arn}/${ROUTE_KEY}`;
    const access = new S3BucketPublicAccessBlock(this, 'public-access-block', {
      bucket,
      blockPublicAcls: true,
      ignorePublicAcls: true,
      // Health checkers have no credentials: the policy opens the one object to them.
      blockPublicPolicy: false,
      restrictPublicBuckets: false,
    });
    new S3BucketPolicy(this, 'policy', {
      bucket,
      policy: new DataAwsIamPolicyDocument(this, 'read-route', {
        statement: [
          {
            sid: 'ReadRoute',
            actions: ['s3:GetObject'],
            resources: [this.objectArn],
            principals: [{ type: '*', identifiers: ['*'] }],
          },
          denyPlainHttp(arn),
        ],
      }).json,
      // S3 refuses a second change to a bucket's access while one is under way.
      dependsOn: [access],
    });
    new S3Object(this, 'route', {
      bucket: versioning.bucket,
      key: ROUTE_KEY,
      content: writeRoute({ route: 'home' }),
      contentType: 'application/json',
      lifecycle: { ignoreChanges: ['content', 'content_type', 'etag', 'metadata', 'tags', 'tags_all'] },
    });
  }
}
