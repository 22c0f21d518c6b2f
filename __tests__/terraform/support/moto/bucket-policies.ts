import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

const POLICY = /^\/([^/?]+)\/?\?policy(?:=|&|$)/;
const BUCKET = /^\/([^/?]+)\/?$/;

/**
 * moto takes a condition that it is given no value for as met, so a bucket that denies plain HTTP would refuse every object. Bucket policies
 * are therefore kept here, written and read as on S3, and not enforced.
 */
export class BucketPolicies {
  readonly #policies = new Map<string, string>();

  /** Answers what is about a policy, unless moto knows better. @returns whether the request is answered */
  answers(incoming: IncomingMessage, response: ServerResponse): boolean {
    const { method, url = '' } = incoming;
    if (method === 'DELETE') this.#policies.delete(BUCKET.exec(url)?.[1] ?? '');
    const [, bucket] = POLICY.exec(url) ?? [];
    if (bucket === undefined) return false;
    if (method === 'PUT') {
      text(incoming).then(
        (policy) => {
          this.#policies.set(bucket, policy);
          response.writeHead(204).end();
        },
        () => response.destroy(),
      );
      return true;
    }
    const policy = this.#policies.get(bucket);
    if (policy === undefined) return false;
    if (method === 'DELETE') {
      this.#policies.delete(bucket);
      response.writeHead(204).end();
      return true;
    }
    response.writeHead(200, { 'content-type': 'application/json' }).end(policy);
    return true;
  }
}
