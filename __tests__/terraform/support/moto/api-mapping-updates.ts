import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

const MAPPING = /^(\/v2\/domainnames\/[^/]+\/apimappings)\/([^/?]+)$/;

interface ApiMapping {
  readonly apiId: string;
  readonly apiMappingId: string;
  readonly apiMappingKey?: string;
  readonly stage: string;
}

/**
 * moto has no UpdateApiMapping, and makes a mapping's id out of what it maps. So an update is passed on as another mapping in the place of
 * the old one, and whoever asks for the id that they know is led to it.
 */
export class ApiMappingUpdates {
  readonly #motoPort: number;
  /** Region and path with the id that was given out → the id that moto knows now. */
  readonly #ids = new Map<string, string>();

  constructor(motoPort: number) {
    this.#motoPort = motoPort;
  }

  isUpdate({ method, url = '' }: IncomingMessage): boolean {
    return method === 'PATCH' && MAPPING.test(url);
  }

  /** The path of a request with the id that moto knows. */
  pathOf(incoming: IncomingMessage): string {
    const { url = '' } = incoming;
    const [, mappings] = MAPPING.exec(url) ?? [];
    const id = this.#ids.get(keyOf(incoming));
    if (incoming.method === 'DELETE') this.#ids.delete(keyOf(incoming));
    return mappings === undefined || id === undefined ? url : `${mappings}/${id}`;
  }

  /** @returns the updated mapping, as UpdateApiMapping answers it */
  async update(incoming: IncomingMessage): Promise<string> {
    const [, mappings = '', givenId = ''] = MAPPING.exec(incoming.url ?? '') ?? [];
    const change: Partial<ApiMapping> = JSON.parse(await text(incoming));
    const old = await this.#ask(incoming, 'GET', this.pathOf(incoming));
    await this.#ask(incoming, 'DELETE', this.pathOf(incoming));
    const made = await this.#ask(incoming, 'POST', mappings, { ...old, ...change });
    this.#ids.set(keyOf(incoming), made.apiMappingId);
    return JSON.stringify({ ...made, apiMappingId: givenId });
  }

  #ask({ headers }: IncomingMessage, method: string, path: string, body?: object): Promise<ApiMapping> {
    const { authorization, host } = headers;
    const content = body === undefined ? '' : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const asked = request({
        host: '127.0.0.1',
        port: this.#motoPort,
        method,
        path,
        headers: { ...(authorization && { authorization }), ...(host && { host }), 'content-type': 'application/json' },
      });
      asked.once('error', reject);
      asked.once('response', (response) => {
        text(response).then((answer) => resolve(JSON.parse(answer || '{}')), reject);
      });
      asked.end(content);
    });
  }
}

/** Mappings of both regions have one id: the region stands in the signature (AWS Signature Version 4, "Credential"). */
function keyOf({ headers, url = '' }: IncomingMessage): string {
  const [, region = ''] = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  return `${region} ${url}`;
}
