import { createHmac } from 'node:crypto';
import type { Credentials } from '../credential-store.ts';
import type { RequestSignature } from './read-signature.ts';

const MAX_KEYS = 1_000;

/** Signing keys by credentials, day, region and service: each is derived once. */
export class SigningKeys {
  readonly #keys = new Map<string, Buffer>();

  /** Source: IAM User Guide, "Create a signed AWS API request", "Derive a signing key". */
  get(
    { accessKeyId, secretAccessKey }: Credentials,
    { date, region, service }: Pick<RequestSignature, 'date' | 'region' | 'service'>,
  ): Buffer {
    const id = `${accessKeyId}/${date}/${region}/${service}`;
    let key = this.#keys.get(id);
    if (key === undefined) {
      if (this.#keys.size >= MAX_KEYS) this.#keys.clear();
      key = Buffer.from(`AWS4${secretAccessKey}`);
      for (const part of [date, region, service, 'aws4_request']) key = createHmac('sha256', key).update(part).digest();
      this.#keys.set(id, key);
    }
    return key;
  }
}
