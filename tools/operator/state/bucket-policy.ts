import { partitionOf } from '../../../stacks/settings/regions.ts';
import { isSameStatement, policyOf, type Statement, statementsOf } from './policy-document.ts';

/**
 * Denies everybody every call over plain HTTP and over TLS before 1.2.
 *
 * Source: Amazon S3 User Guide, "Security best practices for Amazon S3", "Enforce encryption of data in transit".
 */
function denials(bucket: string, region: string): readonly Statement[] {
  const arn = bucketArn(bucket, region);
  const deny = (Sid: string, Condition: object) => ({
    Sid,
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [arn, `${arn}/*`],
    Condition,
  });
  return [
    deny('DenyPlainHttp', { Bool: { 'aws:SecureTransport': 'false' } }),
    deny('DenyOldTls', { NumericLessThan: { 's3:TlsVersion': '1.2' } }),
  ];
}

/** ARN of a bucket in the partition of its region. */
export function bucketArn(bucket: string, region: string): string {
  return `arn:${partitionOf(region) ?? 'aws'}:s3:::${bucket}`;
}

/** Whether a bucket's policy (JSON, `undefined` for none) holds both denials. */
export function deniesPlainTraffic(policy: string | undefined, bucket: string, region: string): boolean {
  const existing = statementsOf(policy);
  return denials(bucket, region).every((denial) => existing.some((statement) => isSameStatement(statement, denial)));
}

/** The policy with both denials; statements of other `Sid`s stay. @returns JSON */
export function withPlainTrafficDenied(policy: string | undefined, bucket: string, region: string): string {
  const own = denials(bucket, region);
  const others = statementsOf(policy).filter(({ Sid }) => !own.some((denial) => denial.Sid === Sid));
  return policyOf([...others, ...own]);
}
