import { z } from 'zod';
import { amount, numeric, textMap } from '#local/model/arguments/argument-schema.ts';
import { optionalBlock } from '#local/terraform/block-schema.ts';
import type { FunctionRecord, LambdaFunction } from './model.ts';
import { packageSources } from './package-sources.ts';
import type { Read, ResourceReader } from './resource-reader.ts';

const lambdaFunction = z.object({
  function_name: z.string(),
  arn: z.string(),
  version: z.string(),
  // Images have none.
  handler: z.string().default('index.handler'),
  runtime: z.string().optional(),
  role: z.string(),
  filename: z.string().optional(),
  s3_bucket: z.string().optional(),
  s3_key: z.string().optional(),
  image_uri: z.string().optional(),
  source_code_hash: z.string().optional(),
  // Defaults: AWS Lambda API, "CreateFunction".
  memory_size: numeric.default(128),
  timeout: numeric.default(3),
  // -1: none are reserved.
  reserved_concurrent_executions: amount.default(-1),
  environment: optionalBlock(z.object({ variables: textMap })),
  logging_config: optionalBlock(z.object({ log_group: z.string().optional() })),
});

const alias = z.object({ name: z.string(), function_name: z.string(), function_version: z.string() });

const permission = z.object({
  action: z.string(),
  function_name: z.string(),
  principal: z.string(),
  qualifier: z.string().optional(),
  source_arn: z.string().optional(),
});

const parameter = z.object({ name: z.string(), insecure_value: z.string().optional() });

const functionRecord = z.object({ tables: z.record(z.string(), z.unknown()), routes: z.array(z.unknown()) });

interface InRegion {
  readonly region: string;
}

/**
 * Functions of every region, with the aliases and permissions that other stacks add to them.
 *
 * @param madeRoles - ARNs of the roles that the stacks make; a function with another one is listed
 */
export function readFunctions(
  reader: ResourceReader,
  madeRoles: ReadonlySet<string>,
): readonly (LambdaFunction & InRegion)[] {
  const sourceOf = packageSources(reader);
  const aliases = reader.managed('aws_lambda_alias', alias);
  const permissions = reader.managed('aws_lambda_permission', permission);
  const records = reader.managed('aws_ssm_parameter', parameter).flatMap(recordOf);
  return reader.managed('aws_lambda_function', lambdaFunction).map((resource) => {
    const { values, region } = resource;
    const source = sourceOf(resource);
    const hasCode = !(source.packed && 'missing' in source.packed);
    if (!hasCode) reader.leaveUnserved(resource, 'aws_lambda_function without its package');
    if (!madeRoles.has(values.role)) reader.leaveUnserved(resource, 'aws_lambda_function with a role of elsewhere');
    const isOwn = (other: Read<{ readonly function_name: string }>) =>
      other.region === region && functionName(other.values.function_name) === values.function_name;
    const recorded = records
      .filter((one) => one.region === region && one.functionName === values.function_name)
      .map((one) => [one.alias, one.record] as const);
    return {
      region,
      name: values.function_name,
      arn: values.arn,
      handler: values.handler,
      ...(values.runtime !== undefined && { runtime: values.runtime }),
      source: source.path,
      ...(source.packed ? { packed: source.packed } : {}),
      codeSha256: source.sha256 || (values.source_code_hash ?? ''),
      version: values.version,
      memoryMb: values.memory_size,
      timeoutSeconds: values.timeout,
      environment: values.environment?.variables ?? {},
      roleArn: values.role,
      ...(values.reserved_concurrent_executions >= 0 && {
        reservedConcurrency: values.reserved_concurrent_executions,
      }),
      // Default: AWS Lambda, "Configuring CloudWatch log groups".
      logGroup: values.logging_config?.log_group ?? `/aws/lambda/${values.function_name}`,
      aliases: aliases
        .filter(isOwn)
        .map((one) => ({ name: one.values.name, functionVersion: one.values.function_version })),
      permissions: permissions.filter(isOwn).map((one) => ({
        action: one.values.action,
        principal: one.values.principal,
        qualifier: one.values.qualifier ?? qualifierOf(one.values.function_name),
        sourceArn: one.values.source_arn,
      })),
      ...(recorded.length > 0 && { records: Object.fromEntries(recorded) }),
    };
  });
}

/** `/two-region-api/dev/releases/envA/user` is what envA runs of `two-region-api-dev-user`. Other parameters are no records. */
function recordOf({ region, values }: Read<z.infer<typeof parameter>>): readonly FunctionRecordIn[] {
  const [, path, name, functionName] = /^\/(.+)\/releases\/([^/]+)\/([^/]+)$/.exec(values.name) ?? [];
  if (path === undefined || name === undefined || values.insecure_value === undefined) return [];
  const record = functionRecord.safeParse(parsed(values.insecure_value)).data;
  if (record === undefined) return [];
  return [{ region, alias: name, functionName: `${path.replaceAll('/', '-')}-${functionName}`, record }];
}

interface FunctionRecordIn extends InRegion {
  readonly alias: string;
  readonly functionName: string;
  readonly record: FunctionRecord;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Name of the function that an argument means, which may be a name, or an ARN with or without a qualifier. */
function functionName(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? (nameOrArn.split(':')[6] ?? nameOrArn) : nameOrArn;
}

function qualifierOf(nameOrArn: string): string | undefined {
  return nameOrArn.startsWith('arn:') ? nameOrArn.split(':')[7] : undefined;
}
