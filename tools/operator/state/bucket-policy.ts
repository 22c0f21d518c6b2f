import { isDeepStrictEqual } from 'node:util';
import { partitionOf } from '../../../stacks/settings/regions.ts';

type Statement = Readonly<Record<string, unknown>>;

/**
 * Denies everybody every call over plain HTTP and over TLS before 1.2.
 *
 * Source: Amazon S3 User Guide, "Security best practices for Amazon S3", "Enforce encryption of data in transit".
 */
function denials(bucket: string, region: string): readonly Statement[] {
  const arn = `arn:${partitionOf(region) ?? 'aws'}:s3:::${bucket}`;
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

/** Whether a bucket's policy (JSON, `undefined` for none) holds both denials. */
export function deniesPlainTraffic(policy: string | undefined, bucket: string, region: string): boolean {
  const existing = statementsOf(policy).map(canonical);
  return denials(bucket, region).every((denial) =>
    existing.some((statement) => isDeepStrictEqual(statement, canonical(denial))),
  );
}

/** The policy with both denials; statements of other `Sid`s stay. @returns JSON */
export function withPlainTrafficDenied(policy: string | undefined, bucket: string, region: string): string {
  const own = denials(bucket, region);
  const others = statementsOf(policy).filter(({ Sid }) => !own.some((denial) => denial.Sid === Sid));
  return JSON.stringify({ Version: '2012-10-17', Statement: [...others, ...own] });
}

function statementsOf(policy: string | undefined): Statement[] {
  if (policy === undefined || policy === '') return [];
  const { Statement = [] }: { Statement?: Statement | Statement[] } = JSON.parse(policy);
  return [Statement].flat();
}

/** One form for what IAM takes as equal: a list of one for its element, lists in any order, numbers for their text. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) {
    const elements = value.map(canonical);
    return elements.length === 1 ? elements[0] : elements.toSorted((a, b) => (String(a) < String(b) ? -1 : 1));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, canonical(element)]));
  }
  return String(value);
}
