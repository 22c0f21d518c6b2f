import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

const PART = /^\/restapis\/[^/]+\/(?:models\/[^/?]+|gatewayresponses\/[^/?]+|resources\/[^/]+\/methods\/[^?]+)$/;

interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace';
  /** JSON pointer: `/uri`, `/requestParameters/method.request.path.id`. */
  readonly path: string;
  readonly value?: string;
}

type Part = Record<string, unknown>;

/**
 * moto can make methods, integrations, their responses and models of a REST API, and can't update them: it answers 500, which the provider
 * repeats in silence for many minutes. So updates are applied here to what moto answered last, and kept until the part is made anew or goes.
 */
export class RestApiUpdates {
  readonly #motoPort: number;
  /** Region and path → the part as it is since its last update. */
  readonly #parts = new Map<string, Part>();

  constructor(motoPort: number) {
    this.#motoPort = motoPort;
  }

  /** The answer to an update, and to whoever asks for an updated part; `undefined` for what moto answers itself. */
  answerTo(incoming: IncomingMessage): Promise<string> | undefined {
    const { method, url = '' } = incoming;
    if (!PART.test(url)) return undefined;
    const key = keyOf(incoming);
    if (method === 'PATCH') return this.#update(incoming, key);
    const known = this.#parts.get(key);
    if (method === 'GET') return known && Promise.resolve(JSON.stringify(known));
    this.#parts.delete(key);
    return undefined;
  }

  async #update(incoming: IncomingMessage, key: string): Promise<string> {
    const { patchOperations = [] }: { patchOperations?: readonly PatchOperation[] } = JSON.parse(await text(incoming));
    const part = this.#parts.get(key) ?? (await this.#ask(incoming));
    for (const operation of patchOperations) apply(part, operation);
    this.#parts.set(key, part);
    return JSON.stringify(part);
  }

  #ask({ headers, url }: IncomingMessage): Promise<Part> {
    const { authorization, host } = headers;
    return new Promise((resolve, reject) => {
      const asked = request({
        host: '127.0.0.1',
        port: this.#motoPort,
        path: url,
        headers: { ...(authorization && { authorization }), ...(host && { host }) },
      });
      asked.once('error', reject);
      asked.once('response', (response) => {
        text(response).then((answer) => resolve(JSON.parse(answer)), reject);
      });
      asked.end();
    });
  }
}

function apply(part: Part, { op, path, value = '' }: PatchOperation): void {
  const names = path
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = names.pop() ?? '';
  let owner = part;
  for (const name of names) {
    const next = owner[name];
    const inner: Part = typeof next === 'object' && next !== null ? { ...next } : {};
    owner[name] = inner;
    owner = inner;
  }
  if (op === 'remove') delete owner[last];
  else owner[last] = value === 'true' || value === 'false' ? value === 'true' : value;
}

/** Both regions have equal paths: the region stands in the signature (AWS Signature Version 4, "Credential"). */
function keyOf({ headers, url = '' }: IncomingMessage): string {
  const [, region = ''] = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  return `${region} ${url}`;
}
