import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { AUTHORIZER_DEFAULTS, type Authorizer, FUNCTION_DEFAULTS, type Operation } from '#contract/operation.ts';
import { environment } from '#functions/environment.ts';
import type { ParameterName } from '#stacks/settings/parameters.ts';
import { didYouMean } from '#stacks/settings/problem.ts';
import type { Settings } from '#stacks/settings/settings.ts';
import { checkEdge } from './check-edge.ts';
import { checkExamples, checkJourneys } from './check-examples.ts';
import { checkReplay } from './check-replay.ts';
import { checkNames, checkRoute } from './check-routes.ts';
import { ContractError, type Found } from './contract-error.ts';

const functionsFolder = fileURLToPath(new URL('../../functions', import.meta.url));

/**
 * Looks at what the compiler does not see, before anything is bundled or synthesized.
 *
 * @param settings - what they list as parameters, and whether journeys are taken
 * @param folder - with a folder for each function. @default - functions/
 * @throws ContractError with everything that is wrong, of all operations at once
 */
export function checkContract(
  operations: readonly Operation[],
  settings: Pick<Settings, 'journeyMinutes' | 'parameters'>,
  folder = functionsFolder,
): void {
  const checks = [
    (operation: Operation) => checkNames(operation, operations),
    checkRoute,
    checkCallers,
    (operation: Operation) => checkTokens(operation, settings.parameters),
    (operation: Operation) => checkSize(operation, operations),
    checkAccess,
    (operation: Operation) => checkEdge(operation, operations),
    checkReplay,
    checkResponses,
    checkExamples,
    (operation: Operation) => checkJourneys(operation, operations, settings),
    (operation: Operation) => checkHandler(operation, operations, folder),
    (operation: Operation) => checkAuthorizer(operation, operations, folder),
  ];
  const problems = operations.flatMap((operation) =>
    checks.flatMap((check) => check(operation)).map((found) => ({ operation, ...found })),
  );
  if (problems.length > 0) throw new ContractError(problems);
}

/** Who may call, by what the kind of API can do. */
function checkCallers({ api, auth, container, idempotencyHeader, integration }: Operation): readonly Found[] {
  const found: Found[] = [];
  if (api === 'http' && auth === 'apiKey') {
    const message = "an HTTP API knows no API keys: use auth 'iam', 'jwt' or 'open', or api 'rest'.";
    found.push({ member: 'auth', message });
  }
  if (api === 'rest' && auth === 'jwt') {
    const message = "a REST API verifies no tokens of an issuer: use auth 'apiKey', 'iam' or 'open', or api 'http'.";
    found.push({ member: 'auth', message });
  }
  if (api === 'http' && integration === 'template') {
    const message = "an HTTP API has no mapping templates: use integration 'proxy', or api 'rest'.";
    found.push({ member: 'integration', message });
  }
  if (api === 'http' && auth === 'authorizer') {
    const message =
      "an HTTP API asks no function of the kit's who may call: use auth 'jwt', 'iam' or 'open', or api 'rest'.";
    found.push({ member: 'auth', message });
  }
  if (container && (auth === 'iam' || auth === 'jwt' || auth === 'authorizer')) {
    const what = auth === 'iam' ? 'a signature' : 'a token';
    const message = `nothing behind a load balancer checks ${what}: use auth 'apiKey' or 'open', or no \`container\`.`;
    found.push({ member: 'container', message });
  }
  if (idempotencyHeader !== undefined && !/^[a-z0-9-]+$/.test(idempotencyHeader)) {
    const message = `the header ${JSON.stringify(idempotencyHeader)} must stand in lower case, as handlers see it.`;
    found.push({ member: 'idempotencyHeader', message });
  }
  return found;
}

/** What they are of and for, a parameter each. */
const TOKEN_PARAMETERS: readonly ParameterName[] = ['jwt_issuer', 'jwt_audience'];

/**
 * Scopes of a route, and the parameters that its tokens are held against.
 *
 * Source: RFC 6749, 3.3; Amazon API Gateway V2 API, "CreateRoute", `authorizationScopes`; Amazon API Gateway Developer Guide, "Quotas for configuring
 * and running an HTTP API in API Gateway".
 */
function checkTokens({ auth, scopes }: Operation, parameters: readonly string[]): readonly Found[] {
  if (auth !== 'jwt') {
    if (scopes === undefined) return [];
    return [
      {
        member: 'scopes',
        message: `tokens have scopes, and auth '${auth}' asks for none: use auth 'jwt', or no \`scopes\`.`,
      },
    ];
  }
  const found: Found[] = [];
  if (scopes !== undefined && (scopes.length < 1 || scopes.length > 10)) {
    const message = `it has ${scopes.length} scopes, allowed: 1 to 10 of them, of which a token needs one; without \`scopes\` none is asked for.`;
    found.push({ member: 'scopes', message });
  }
  for (const scope of scopes ?? []) {
    if (/^[!#-[\]-~]{1,64}$/.test(scope)) continue;
    const message = `the scope ${JSON.stringify(scope)} must be 1 to 64 ASCII characters without blanks, quotes and backslashes.`;
    found.push({ member: 'scopes', message });
  }
  const lacking = TOKEN_PARAMETERS.filter((name) => !parameters.includes(name));
  if (lacking.length > 0) {
    const message = `its tokens need ${lacking.join(' and ')}, which PARAMETERS of settings.conf lacks: add ${lacking.length > 1 ? 'them' : 'it'} there, and set the value: two-region params put STAGE ${lacking[0]}.`;
    found.push({ member: 'auth', message });
  }
  return found;
}

/** Source: AWS Lambda Developer Guide, "Lambda quotas"; Amazon API Gateway Developer Guide, "Amazon API Gateway quotas", integration timeout. */
const SIZES = {
  memoryMb: { least: 128, most: 10_240, allowed: 'a whole number of MB from 128 to 10240' },
  timeoutSeconds: { least: 1, most: 29, allowed: 'a whole number of seconds from 1 to 29, as no gateway waits longer' },
} as const;

/** Memory and time-out, of which a function has one each, whatever operations it serves. */
function checkSize(operation: Operation, operations: readonly Operation[]): readonly Found[] {
  const others = operations.filter((other) => other.function === operation.function);
  const before = others.slice(0, others.indexOf(operation));
  return (['memoryMb', 'timeoutSeconds'] as const).flatMap((member): Found[] => {
    const sizeOf = (of: Operation) => of[member] ?? FUNCTION_DEFAULTS[member];
    const value = sizeOf(operation);
    const { least, most, allowed } = SIZES[member];
    if (!Number.isInteger(value) || value < least || value > most) {
      return [{ member, message: `${member} is ${JSON.stringify(value)}, allowed: ${allowed}.` }];
    }
    const other = before.find((each) => sizeOf(each) !== value);
    if (other === undefined) return [];
    const message = `${member} is ${value} here and ${sizeOf(other)} in ${other.id}: they share the function ${operation.function}, which has one. Say the same in both.`;
    return [{ member, message }];
  });
}

function checkAccess({ access, authorizer }: Operation): readonly Found[] {
  return [...accessProblems('access', access), ...accessProblems('authorizer', authorizer?.access ?? {})];
}

function accessProblems(member: 'access' | 'authorizer', access: Operation['access']): readonly Found[] {
  const known = Object.keys(environment);
  const unknown = Object.keys(access).filter((name) => !known.includes(name));
  return unknown.map((name) => ({
    member,
    message: `functions/environment.ts declares no variable ${name}: add it there, with what it names.${didYouMean(name, known)}`,
  }));
}

function checkResponses({ integration, request, responses }: Operation): readonly Found[] {
  const statuses = Object.keys(responses);
  const found: Found[] = statuses
    .filter((status) => !/^[2-5]\d\d$/.test(status))
    .map((status) => ({
      member: 'responses',
      message: `${status} is no status that a handler can respond with: 200 to 599.`,
    }));
  for (const [status, { body, mediaType }] of Object.entries(responses)) {
    if (mediaType === undefined) continue;
    if (body !== undefined)
      found.push({
        member: 'responses',
        message: `${status} has a schema and a media type: JSON needs no media type.`,
      });
    if (integration === 'template')
      found.push({
        member: 'responses',
        message: `${status} is ${mediaType}, and mapping templates make JSON: use integration 'proxy'.`,
      });
  }
  if (request.mediaType !== undefined && request.body !== undefined) {
    found.push({
      member: 'request',
      message: 'request has a schema and a media type of its body: JSON needs no media type.',
    });
  }
  if (statuses.length === 0) found.push({ member: 'responses', message: 'it declares no response.' });
  const lacking = integration === 'template' ? ['200', '500'].filter((status) => !statuses.includes(status)) : [];
  if (lacking.length > 0) {
    const message = `mapping templates respond with 200 and 500, and ${lacking.join(' and ')} is not declared.`;
    found.push({ member: 'responses', message });
  }
  return found;
}

/** Examples are what documentation shows, and what a smoke test calls. */
function checkHandler(operation: Operation, operations: readonly Operation[], folder: string): readonly Found[] {
  const name = operation.function;
  // Said once of a function, not by each of its operations.
  if (operations.find((other) => other.function === name) !== operation) return [];
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    return [
      { member: 'function', message: `the function ${JSON.stringify(name)} must be lower-case words with hyphens.` },
    ];
  }
  const file = `functions/${name}/handler.ts`;
  const lack = lackOfHandler(name, folder);
  if (lack === 'file')
    return [{ member: 'function', message: `there is no ${file}: add it, with an export \`handler\`.` }];
  if (lack === undefined) return [];
  return [{ member: 'function', message: `${file} exports no \`handler\`: export const handler = restHandler(…).` }];
}

/** @returns what of a function's handler is not there */
function lackOfHandler(name: string, folder: string): 'export' | 'file' | undefined {
  const source = read(join(folder, name, 'handler.ts'));
  if (source === undefined) return 'file';
  const isExported = /^export\s+((async\s+)?function|const|let)\s+handler\b|^export\s*\{[^}]*\bhandler\b/m.test(source);
  return isExported ? undefined : 'export';
}

/** Source: Amazon API Gateway API, "CreateAuthorizer". */
function checkAuthorizer(
  { auth, authorizer }: Operation,
  operations: readonly Operation[],
  folder: string,
): readonly Found[] {
  const problem = (message: string): Found => ({ member: 'authorizer', message });
  if (authorizer === undefined) {
    if (auth !== 'authorizer') return [];
    return [{ member: 'auth', message: "auth 'authorizer' needs `authorizer`: the function that says who may call." }];
  }
  if (auth !== 'authorizer')
    return [problem(`auth '${auth}' asks no authorizer: use auth 'authorizer', or leave it out.`)];
  const {
    function: name,
    header = AUTHORIZER_DEFAULTS.header,
    ttlSeconds = AUTHORIZER_DEFAULTS.ttlSeconds,
  } = authorizer;
  const found: Found[] = [];
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    return [problem(`the function ${JSON.stringify(name)} must be lower-case words with hyphens.`)];
  }
  if (operations.some((other) => other.function === name)) {
    found.push(problem(`the function ${name} serves operations: an authorizer needs one of its own.`));
  } else if (lackOfHandler(name, folder) !== undefined) {
    found.push(problem(`there is no functions/${name}/handler.ts that exports \`handler\`: add it.`));
  }
  if (!Number.isInteger(ttlSeconds) || ttlSeconds < 0 || ttlSeconds > 3600) {
    found.push(problem(`ttlSeconds is ${ttlSeconds}, allowed: a whole number of seconds from 0 to 3600.`));
  }
  if (!/^[A-Za-z0-9-]+$/.test(header)) {
    found.push(problem(`the header ${JSON.stringify(header)} must be letters, digits and hyphens.`));
  }
  found.push(...identityProblems(authorizer).map(problem));
  const other = operations.find((each) => each.authorizer?.function === name)?.authorizer;
  if (!isDeepStrictEqual(other, authorizer)) {
    found.push(
      problem(
        `the authorizer ${name} is declared in two ways, and the API has one of it: name the same constant in all operations.`,
      ),
    );
  }
  return found;
}

function identityProblems({ header, identitySources }: Authorizer): readonly string[] {
  if (identitySources === undefined) return [];
  const allowed = "`header.NAME` or `querystring.NAME`, such as 'header.Authorization'";
  return [
    ...(header === undefined ? [] : ['it has a header and identitySources: name the header among those.']),
    ...(identitySources.length > 0 ? [] : [`identitySources is empty: name what a request must have, ${allowed}.`]),
    ...identitySources
      .filter((source) => !/^(?:header\.[A-Za-z0-9-]+|querystring\.[A-Za-z0-9._~-]+)$/.test(source))
      .map((source) => `the identity source ${JSON.stringify(source)} must be ${allowed}.`),
  ];
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
