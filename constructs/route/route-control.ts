import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketVersioningA } from '@cdktf/provider-aws/lib/s3-bucket-versioning';
import { S3Object } from '@cdktf/provider-aws/lib/s3-object';
import { Construct } from 'constructs';
import { ROUTE_KEY, writeRoute } from '#contract/route-control.ts';

export interface RouteControlProps {
  /** Globally unique, 3 to 63 characters, no dots. */
  readonly bucketName: string;
  /** Lets Terraform destroy the bucket with its objects. */
  readonly forceDestroy: boolean;
}

/**
 * Where a region says whether traffic keeps away from the other one: one object that everybody may read over TLS, in a bucket of its own, outside the
 * API, so that neither its throttle nor its load decides. It is there from the start and says `home`; who changes it is the command `route-away`, and
 * Terraform leaves it as it is from then on. Its versions are the history.
 *
 * Source: AWS, "Creating Disaster Recovery Mechanisms Using Amazon Route 53", standby takes over primary.
 */
export class RouteControl extends Construct {
  constructor(scope: Construct, id: string, props: RouteControlProps) {
    super(scope, id);
    const { bucket, arn } = new S3Bucket(this, 'bucket', {
      bucket: props.bucketName,
      forceDestroy: props.forceDestroy,
    });
    const versioning = new S3BucketVersioningA(this, 'versioning', {
      bucket,
      versioningConfiguration: { status: 'Enabled' },
    });
    new S3BucketOwnershipControls(this, 'ownership', { bucket, rule: { objectOwnership: 'BucketOwnerEnforced' } });
    const access = new S3BucketPublicAccessBlock(this, 'public-access-block', {
      bucket,
      blockPublicAcls: true,
      ignorePublicAcls: true,
      // Health checkers have no credentials: the policy opens the one object to them.
      blockPublicPolicy: false,
      restrictPublicBuckets: false,
    });
    const everybody = [{ type: '*', identifiers: ['*'] }];
    new S3BucketPolicy(this, 'policy', {
      bucket,
      policy: new DataAwsIamPolicyDocument(this, 'read-route', {
        statement: [
          {
            sid: 'ReadRoute',
            actions: ['s3:GetObject'],
            resources: [`${arn}/${ROUTE_KEY}`],
            principals: everybody,
          },
          {
            sid: 'DenyPlainHttp',
            effect: 'Deny',
            actions: ['s3:*'],
            resources: [arn, `${arn}/*`],
            principals: everybody,
            condition: [{ test: 'Bool', variable: 'aws:SecureTransport', values: ['false'] }],
          },
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
