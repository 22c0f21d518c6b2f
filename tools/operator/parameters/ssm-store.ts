import { PutParameterCommand, paginateGetParametersByPath, type SSMClient } from '@aws-sdk/client-ssm';
import { ParametersError } from '#operator/cli/errors.ts';

/**
 * @param path - what names are appended to: `/APP_NAME/stage/`
 * @param keyAlias - key that values are encrypted with: `alias/…`. @default - the account's key of Systems Manager
 */
export function ssmParameterStore(ssm: SSMClient, region: string, path: string, keyAlias?: string): ParameterStore {
  return {
    region,
    readAll: async () => {
      const values = new Map<string, string>();
      const pages = paginateGetParametersByPath({ client: ssm }, { Path: path.slice(0, -1), WithDecryption: true });
      for await (const { Parameters = [] } of pages) {
        for (const { Name, Value } of Parameters) {
          if (Name !== undefined && Value !== undefined) values.set(Name.slice(path.length), Value);
        }
      }
      return values;
    },
    write: async (name, value, description) => {
      const command = new PutParameterCommand({
        Name: `${path}${name}`,
        Value: value,
        Description: description,
        Type: 'SecureString',
        ...(keyAlias !== undefined && { KeyId: keyAlias }),
        // Standard up to 4 KB, above that advanced (AWS Systems Manager User Guide, "Managing parameter tiers").
        Tier: 'Intelligent-Tiering',
        Overwrite: true,
      });
      await ssm.send(command).catch((error: unknown) => {
        if (keyAlias !== undefined && isNamed(error, 'InvalidKeyId'))
          throw new ParametersError(noKey(keyAlias, region));
        throw withoutValue(error, value);
      });
    },
  };
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

function noKey(alias: string, region: string): string {
  return (
    `KMS has no usable key ${alias} in ${region}, which OWN_KEYS of settings.conf asks for by "parameters". The stacks make it: ` +
    'take "parameters" out, put the values, deploy, name it again, and put the values again.'
  );
}

/** Systems Manager's validation errors quote what they refuse. */
function withoutValue(error: unknown, value: string): unknown {
  if (!(error instanceof Error) || !error.message.includes(value)) return error;
  const clean = new Error(error.message.replaceAll(value, '(the value)'));
  clean.name = error.name;
  return clean;
}

/** The parameters of one stage in one region. Names are those of the catalogue, without `/APP_NAME/stage/`. */
export interface ParameterStore {
  /** AWS region, for messages. */
  readonly region: string;
  /** Every parameter under the stage's path, decrypted. */
  readAll(): Promise<ReadonlyMap<string, string>>;
  /** Sets a SecureString. @throws an error that does not hold the value */
  write(name: string, value: string, description: string): Promise<void>;
}

/** Parameters are set in the primary region and mirrored to the secondary, so that each region stands alone. */
export interface ParameterStores {
  readonly primary: ParameterStore;
  readonly secondary: ParameterStore;
}
