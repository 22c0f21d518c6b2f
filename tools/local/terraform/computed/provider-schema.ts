import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { EvaluatedResource } from '#local/terraform/evaluation.ts';

/** What the AWS provider says of a type. */
interface ProviderSchema {
  /** Names of what a configuration may set, blocks included: `memory_size`. */
  readonly arguments: ReadonlySet<string>;
  /** Whether it is an attribute that AWS tells, which no configuration sets. */
  isComputed(name: string): boolean;
}

const schemas = new Map<string, ProviderSchema | undefined>();

/**
 * The schema of a type of the AWS provider, read from CDKTF's bindings, which are made of it.
 *
 * @returns undefined for a type that the bindings do not have
 */
export function providerSchema(mode: EvaluatedResource['mode'], type: string): ProviderSchema | undefined {
  const key = `${mode} ${type}`;
  if (!schemas.has(key)) schemas.set(key, readSchema(mode, type));
  return schemas.get(key);
}

function readSchema(mode: EvaluatedResource['mode'], type: string): ProviderSchema | undefined {
  const name = type.replace(/^aws_/, '').replaceAll('_', '-');
  const folder = mode === 'data' ? `data-aws-${name}` : name;
  let declarations: string;
  try {
    const root = createRequire(import.meta.url).resolve('@cdktf/provider-aws/package.json');
    declarations = readFileSync(path.join(path.dirname(root), 'lib', folder, 'index.d.ts'), 'utf8');
  } catch {
    return undefined;
  }
  const configuration = /export interface \w+Config extends[\s\S]*?\n\}/.exec(declarations)?.[0] ?? '';
  const names = Array.from(configuration.matchAll(/#(\w+) \w+#\1\}/g), ([, found = '']) => found);
  const main = declarations.slice(
    declarations.search(/export declare class \w+ extends cdktf\.Terraform(?:DataSource|Resource) /),
  );
  const getters = Array.from(main.matchAll(/^ {4}get (\w+)\(\)/gm), ([, getter = '']) => getter.toLowerCase());
  const computed = new Set(getters.filter((getter) => !getter.endsWith('input')));
  return { arguments: new Set(names), isComputed: (attribute) => computed.has(attribute.replaceAll('_', '')) };
}

/** What the provider takes where an argument is not set; others are null. Source: the provider's documentation of each type. */
const defaults: Readonly<Record<string, Readonly<Record<string, boolean | number | string>>>> = {
  aws_api_gateway_integration: { connection_type: 'INTERNET', timeout_milliseconds: 29_000 },
  aws_api_gateway_method: { api_key_required: false },
  aws_apigatewayv2_integration: { connection_type: 'INTERNET', payload_format_version: '1.0' },
  aws_apigatewayv2_route: { api_key_required: false, authorization_type: 'NONE' },
  aws_dynamodb_table: { billing_mode: 'PROVISIONED' },
  aws_lambda_function: {
    memory_size: 128,
    package_type: 'Zip',
    publish: false,
    reserved_concurrent_executions: -1,
    skip_destroy: false,
    timeout: 3,
  },
};

/** @returns null where there is none */
export function defaultOf(type: string, argument: string): boolean | number | string | null {
  const ofType = Object.hasOwn(defaults, type) ? defaults[type] : undefined;
  return ofType && Object.hasOwn(ofType, argument) ? (ofType[argument] ?? null) : null;
}
