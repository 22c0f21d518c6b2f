import path from 'node:path';
import { z } from 'zod';
import { optionalBlock } from '#local/terraform/block-schema.ts';
import { numeric, textMap } from './argument-schema.ts';
import type { LambdaFunction } from './model.ts';
import { type PackageSource, packageSources } from './package-sources.ts';
import type { Read, ResourceReader } from './resource-reader.ts';

const lambdaFunction = z.object({
  function_name: z.string(),
  arn: z.string(),
  version: z.string(),
  handler: z.string({ error: 'is needed; packages of container images are not served' }),
  role: z.string(),
  filename: z.string().optional(),
  s3_bucket: z.string().optional(),
  s3_key: z.string().optional(),
  source_code_hash: z.string().optional(),
  // Defaults: AWS Lambda API, "CreateFunction".
  memory_size: numeric.default(128),
  timeout: numeric.default(3),
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

interface InRegion {
  readonly region: string;
}

/** Functions of every region, with the aliases and permissions that other stacks add to them. */
export function readFunctions(reader: ResourceReader): readonly (LambdaFunction & InRegion)[] {
  const sources = packageSources(reader);
  const aliases = reader.managed('aws_lambda_alias', alias);
  const permissions = reader.managed('aws_lambda_permission', permission);
  return reader.managed('aws_lambda_function', lambdaFunction).flatMap((resource) => {
    const { values, region } = resource;
    const source = findSource(resource, sources);
    if (!source) {
      reader.fail(
        resource,
        'no archive_file writes its package: neither filename, nor s3_bucket and s3_key of an object',
      );
      return [];
    }
    const isOwn = (other: Read<{ readonly function_name: string }>) =>
      other.region === region && functionName(other.values.function_name) === values.function_name;
    return {
      region,
      name: values.function_name,
      arn: values.arn,
      handler: values.handler,
      source: source.path,
      codeSha256: values.source_code_hash ?? source.sha256,
      version: values.version,
      memoryMb: values.memory_size,
      timeoutSeconds: values.timeout,
      environment: values.environment?.variables ?? {},
      roleArn: values.role,
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
    };
  });
}

function findSource(resource: Read<z.infer<typeof lambdaFunction>>, sources: readonly PackageSource[]) {
  const { filename, s3_bucket: bucket, s3_key: key } = resource.values;
  const file = filename === undefined ? undefined : path.resolve(resource.folder, filename);
  return sources.find(
    (source) =>
      (file !== undefined && source.file === file) ||
      (key !== undefined && source.bucket === bucket && source.key === key),
  );
}

/** Name of the function that an argument means, which may be a name, or an ARN with or without a qualifier. */
function functionName(nameOrArn: string): string {
  return nameOrArn.startsWith('arn:') ? (nameOrArn.split(':')[6] ?? nameOrArn) : nameOrArn;
}

function qualifierOf(nameOrArn: string): string | undefined {
  return nameOrArn.startsWith('arn:') ? nameOrArn.split(':')[7] : undefined;
}
