import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

const REPLICATION = /^\/([^/?]+)\/?\?replication(?:=|&|$)/;

/**
 * moto answers that delete markers and changes of replicas are not copied, whatever was put. Replications are therefore kept here and read as they were
 * written, and refused as S3 refuses them: where the bucket that is copied from or to is not there, or has no versions. Nothing is copied.
 *
 * Source: Amazon S3 User Guide, "Requirements and considerations for replication".
 */
export class BucketReplications {
  readonly #configurations = new Map<string, string>();
  readonly #motoPort: number;

  constructor(motoPort: number) {
    this.#motoPort = motoPort;
  }

  /** Answers what is about a replication, unless moto knows better. @returns whether the request is answered */
  answers(incoming: IncomingMessage, response: ServerResponse): boolean {
    const { method, url = '' } = incoming;
    const [, bucket] = REPLICATION.exec(url) ?? [];
    if (bucket === undefined) return false;
    if (method === 'PUT') {
      this.#put(bucket, incoming, response).catch(() => response.destroy());
      return true;
    }
    const configuration = this.#configurations.get(bucket);
    if (configuration === undefined) return false;
    if (method === 'DELETE') {
      this.#configurations.delete(bucket);
      response.writeHead(204).end();
      return true;
    }
    response.writeHead(200, { 'content-type': 'application/xml' }).end(configuration);
    return true;
  }

  async #put(bucket: string, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const configuration = await text(incoming);
    const destination = /<Bucket>arn:[^<]*:([^<:]+)<\/Bucket>/.exec(configuration)?.[1] ?? '';
    for (const [name, is] of [
      [bucket, 'source'],
      [destination, 'destination'],
    ] as const) {
      if (await this.#isVersioned(name)) continue;
      const message = `Versioning must be 'Enabled' on the bucket to apply a replication configuration: ${is} ${name}`;
      response.writeHead(400, { 'content-type': 'application/xml' });
      response.end(`<Error><Code>InvalidRequest</Code><Message>${message}</Message></Error>`);
      return;
    }
    this.#configurations.set(bucket, configuration);
    response.writeHead(200).end();
  }

  async #isVersioned(bucket: string): Promise<boolean> {
    const response = await fetch(`http://127.0.0.1:${this.#motoPort}/${bucket}?versioning`);
    return (await response.text()).includes('<Status>Enabled</Status>');
  }
}
