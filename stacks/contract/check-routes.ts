import { fieldsOf } from '#contract/json-schema.ts';
import type { HttpMethod, Operation } from '#contract/operation.ts';
import { didYouMean } from '#stacks/settings/problem.ts';
import type { Found } from './contract-error.ts';

/** Typed by itself, so that a method that is added there is missed here. */
const METHODS: Readonly<Record<HttpMethod, true>> = { DELETE: true, GET: true, PATCH: true, POST: true, PUT: true };

/** Id and route, of which there is one each. Alike routes of one API share their resource: it can have one name for its parameter. */
export function checkNames(operation: Operation, operations: readonly Operation[]): readonly Found[] {
  const { api, id, method, path } = operation;
  const before = operations.slice(0, operations.indexOf(operation));
  const found: Found[] = [];
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) {
    found.push({
      message: `the id ${JSON.stringify(id)} must be lower-case words with hyphens between them, as get-user.`,
    });
  }
  const namesake = before.find((other) => other.id === id);
  if (namesake) found.push({ message: `${routeOf(namesake)} has this id, too: give one of them another.` });
  const alike = before.filter((other) => other.api === api && shapeOf(other) === shapeOf(operation));
  if (alike.some((other) => other.method === method)) {
    found.push({ member: 'path', message: `${routeOf(operation)} is declared twice on the ${api} API: keep one.` });
  }
  const renamed = api === 'rest' && before.find((other) => other.api === api && clash(other.path, path));
  if (renamed) {
    const message = `${path} and ${renamed.path} name one path parameter differently, and API Gateway knows one name for it: use one.`;
    found.push({ member: 'path', message });
  }
  return found;
}

/** Method and path. Source: Amazon API Gateway Developer Guide, "Methods for REST APIs" and "Create routes for HTTP APIs". */
export function checkRoute({ method, path, request }: Operation): readonly Found[] {
  const found: Found[] = [];
  if (!Object.hasOwn(METHODS, method)) {
    const methods = Object.keys(METHODS);
    const message = `the method ${JSON.stringify(method)} is none of ${methods.join(', ')}.${didYouMean(method, methods)}`;
    found.push({ member: 'method', message });
  }
  if (!/^(\/([\w.~-]+|\{\w+\}))+$/.test(path)) {
    const message =
      `the path ${JSON.stringify(path)} must begin with / and be parted by it, of letters, digits, . _ ~ - or a parameter in braces, ` +
      'with none at its end: /user/{id}.';
    return [...found, { member: 'path', message }];
  }
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const declared = fieldsOf(request.pathParameters).map(({ name }) => name);
  const repeated = inPath.filter((name, index) => inPath.indexOf(name) !== index);
  for (const name of new Set(repeated)) found.push({ member: 'path', message: `the path has {${name}} twice.` });
  const lacking = inPath.filter((name) => !declared.includes(name));
  const spare = declared.filter((name) => !inPath.includes(name));
  if (lacking.length > 0) {
    const message = `request.pathParameters lacks ${lacking.join(', ')}, which the path has.`;
    found.push({ member: 'request', message });
  }
  if (spare.length > 0) {
    found.push({ member: 'request', message: `request.pathParameters has ${spare.join(', ')}, which the path lacks.` });
  }
  return found;
}

/** `GET /user/{id}` */
function routeOf({ method, path }: Operation): string {
  return `${method} ${path}`;
}

/** A path whatever its parameters' names. */
function shapeOf({ path }: Pick<Operation, 'path'>): string {
  return path.replaceAll(/\{\w+\}/g, '{}');
}

/** Whether both have a parameter at one place of one parent, by different names. */
function clash(a: string, b: string): boolean {
  const [left, right] = [a.split('/'), b.split('/')];
  const at = left.findIndex((segment, index) => segment !== right[index]);
  const isParameter = (segment: string | undefined) => segment?.startsWith('{') === true;
  return at >= 0 && isParameter(left[at]) && isParameter(right[at]);
}
