import { CreateServiceLinkedRoleCommand, type IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import type { Finding } from '#operator/aws/setting.ts';

/** Whether the account has the role of a service. */
export async function hasServiceRole(iam: IAMClient, service: string): Promise<boolean> {
  const { Roles = [] } = await iam.send(new ListRolesCommand({ PathPrefix: `/aws-service-role/${service}/` }));
  return Roles.length > 0;
}

/** Makes the role unless it is there. @returns `undefined` where IAM leaves it to the service to make it */
export async function ensureServiceRole(iam: IAMClient, service: string): Promise<Finding | undefined> {
  const name = 'service-linked role';
  if (await hasServiceRole(iam, service)) return { name, outcome: 'existed' };
  try {
    await iam.send(new CreateServiceLinkedRoleCommand({ AWSServiceName: service }));
    return { name, outcome: 'made' };
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'InvalidInputException') throw error;
    return /has been taken/.test(error.message) ? { name, outcome: 'existed' } : undefined;
  }
}
