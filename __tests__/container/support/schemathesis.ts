import { execFile, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { type Credentials, signRequest } from '#client/sign-request.ts';
import { type HttpService, listen } from '#local/http/listen.ts';
import { describeApi } from '#operator/openapi/describe-api.ts';

/** What schemathesis is to ask. */
interface Asked {
  /** Folder for the document. */
  readonly directory: string;
  readonly url: string;
  /** Paths of the contract that are served there. */
  readonly paths: RegExp;
  readonly headers?: Readonly<Record<string, string>>;
  /** Checks that AWS's gateways fail by design, beside that of undeclared methods, which are unknown routes to them. */
  readonly excludedChecks?: readonly string[];
}

const SEED = '1';

export const hasSchemathesis = spawnSync('schemathesis', ['--version']).status === 0;

/** @returns what schemathesis prints, and its exit status: 0 where it finds nothing */
export async function schemathesis(asked: Asked): Promise<{ readonly status: number; readonly output: string }> {
  const document = `${asked.directory}/openapi.json`;
  await writeFile(document, describeApi({}));
  const args = ['run', document, '--url', asked.url, '--include-path-regex', asked.paths.source, '--seed', SEED];
  const headers = Object.entries(asked.headers ?? {}).flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
  const excluded = ['unsupported_method', ...(asked.excludedChecks ?? [])].join(',');
  const all = [...args, ...headers, '--exclude-checks', excluded];
  return new Promise((resolve) => {
    const options = { cwd: asked.directory, env: { ...process.env, NO_COLOR: '1' } };
    const child = execFile('schemathesis', all, options, (_error, output) => {
      resolve({ status: child.exitCode ?? 1, output });
    });
  });
}

/** What a request says that is to be signed at the door. */
export const TO_BE_SIGNED = 'sign me';

/** A door that signs what asks for it, since schemathesis knows no Signature Version 4. The rest goes through as it is. */
export function signingDoor(target: string, credentials: Credentials, region: string): Promise<HttpService> {
  const forward = async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = await buffer(incoming);
    const { method = 'GET', url = '/' } = incoming;
    const { authorization, ...headers } = plainHeaders(incoming);
    const plain = { method, url: new URL(`${target}${url}`), headers, ...(body.length > 0 && { body }) };
    const asItIs = { ...plain, headers: { ...headers, ...(authorization && { authorization }) } };
    const signed = authorization === TO_BE_SIGNED ? await signRequest(plain, { credentials, region }) : asItIs;
    // `fetch` refuses some of the methods that are tried.
    const asked = request(signed.url, { method, headers: signed.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    asked.once('error', (error) => response.destroy(error));
    asked.end(body);
  };
  return listen(
    createServer((incoming, response) => void forward(incoming, response).catch((error) => response.destroy(error))),
    0,
  );
}

/** Those that say nothing of the connection. */
function plainHeaders({ headersDistinct }: IncomingMessage): Record<string, string> {
  const ofConnection = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding']);
  const kept = Object.entries(headersDistinct).filter(([name]) => !ofConnection.has(name));
  return Object.fromEntries(kept.map(([name, values = []]) => [name, values.join(', ')]));
}
