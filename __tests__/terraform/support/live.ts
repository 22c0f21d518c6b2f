import { APIGatewayClient, GetDomainNamesCommand, GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListBucketsCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { clientSettings } from './account.ts';
import type { EmulatedAccount } from './emulator.ts';

/** Names of what a region still has of the kinds that a stage is made of. */
export async function leftovers(account: EmulatedAccount, region: string): Promise<string[]> {
  const settings = clientSettings(account, region);
  const gateway = new APIGatewayClient(settings);
  const [functions, apis, domains, tables] = await Promise.all([
    new LambdaClient(settings).send(new ListFunctionsCommand({})),
    gateway.send(new GetRestApisCommand({})),
    gateway.send(new GetDomainNamesCommand({})),
    new DynamoDBClient(settings).send(new ListTablesCommand({})),
  ]);
  return [
    ...(functions.Functions ?? []).map(({ FunctionName }) => `function ${FunctionName}`),
    ...(apis.items ?? []).map(({ name }) => `REST API ${name}`),
    ...(domains.items ?? []).map(({ domainName }) => `domain ${domainName}`),
    ...(tables.TableNames ?? []).map((name) => `table ${name}`),
  ];
}

/** Names of the account's roles. */
export async function listRoles(account: EmulatedAccount, region: string): Promise<(string | undefined)[]> {
  const { Roles = [] } = await new IAMClient(clientSettings(account, region)).send(new ListRolesCommand({}));
  return Roles.map(({ RoleName }) => RoleName);
}

/** Names of the account's buckets. */
export async function bucketNames(s3: S3Client): Promise<(string | undefined)[]> {
  return ((await s3.send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name }) => Name);
}

/** State's key → number of managed resources in it. */
export async function managedResources(s3: S3Client, bucket: string): Promise<Readonly<Record<string, number>>> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  const states = Contents.filter(({ Key }) => Key?.endsWith('.tfstate'));
  const counts = states.map(async ({ Key = '' }) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    const state: { resources: { mode: string }[] } = JSON.parse((await Body?.transformToString()) ?? '');
    return [Key, state.resources.filter(({ mode }) => mode === 'managed').length] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}
