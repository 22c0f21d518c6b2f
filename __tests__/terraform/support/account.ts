import { ACMClient, RequestCertificateCommand } from '@aws-sdk/client-acm';
import { APIGatewayClient, GetAccountCommand, UpdateAccountCommand } from '@aws-sdk/client-api-gateway';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateHostedZoneCommand, DeleteHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import type { Settings } from '#stacks/settings/index.ts';
import { localParameterValues } from '#stacks/settings/parameter-values.ts';
import type { EmulatedAccount } from './emulator.ts';

const DOMAIN = 'example.com';

/** Access key of the tests themselves: what they ask counts as nobody's whose rights are tried. */
const LOOKING = 'looking';

/** What the SDK's clients need to talk to an emulator. */
export function clientSettings(account: EmulatedAccount, region: string) {
  return { region, endpoint: account.url, credentials: { accessKeyId: LOOKING, secretAccessKey: LOOKING } };
}

/**
 * Makes what an account has before a first deploy (a hosted zone, a certificate in each region) and gives valid values of all parameters.
 */
export async function prepareAccount(
  account: EmulatedAccount,
  settings: Settings,
  domain = DOMAIN,
): Promise<Readonly<Record<string, string>>> {
  const [hostedZoneId, primary, secondary] = await Promise.all([
    createHostedZone(account, settings.primaryRegion, domain),
    requestCertificate(account, settings.primaryRegion, domain),
    requestCertificate(account, settings.secondaryRegion, domain),
  ]);
  const local = localParameterValues(settings);
  return {
    ...Object.fromEntries(settings.parameters.map((name) => [name, local[name] ?? ''])),
    domain_name: `api.${domain}`,
    events_domain_name: `events.${domain}`,
    ...(settings.parameters.includes('container_domain_name') && { container_domain_name: `container.${domain}` }),
    hosted_zone_id: hostedZoneId,
    certificate_arn_primary: primary,
    certificate_arn_secondary: secondary,
  };
}

/** Ids of AWS start with Z, an emulator's with anything: zones are made until one looks as it would. */
async function createHostedZone(account: EmulatedAccount, region: string, Name: string): Promise<string> {
  const route53 = new Route53Client(clientSettings(account, region));
  for (let attempt = 0; attempt < 1000; attempt++) {
    const { HostedZone } = await route53.send(
      new CreateHostedZoneCommand({ Name, CallerReference: `${Name}-${attempt}` }),
    );
    const id = HostedZone?.Id?.replace('/hostedzone/', '') ?? '';
    if (id.startsWith('Z')) return id;
    await route53.send(new DeleteHostedZoneCommand({ Id: id }));
  }
  throw new Error('The emulator made no hosted zone whose id starts with Z in 1000 attempts.');
}

async function requestCertificate(account: EmulatedAccount, region: string, domain: string): Promise<string> {
  const acm = new ACMClient(clientSettings(account, region));
  const { CertificateArn } = await acm.send(
    new RequestCertificateCommand({ DomainName: `api.${domain}`, ValidationMethod: 'DNS' }),
  );
  if (CertificateArn === undefined) throw new Error('The emulator issued no certificate.');
  return CertificateArn;
}

/** Sets the role that API Gateway logs with in a region, as another team may have done long before. @returns its ARN */
export async function logWithRoleOfAnotherTeam(account: EmulatedAccount, region: string): Promise<string> {
  const iam = new IAMClient(clientSettings(account, region));
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [] });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'other-team', AssumeRolePolicyDocument }));
  const patchOperations = [{ op: 'replace' as const, path: '/cloudwatchRoleArn', value: Role?.Arn }];
  await new APIGatewayClient(clientSettings(account, region)).send(new UpdateAccountCommand({ patchOperations }));
  return Role?.Arn ?? '';
}

/** The roles that API Gateway logs with, region by region; `undefined` for none. */
export function loggingRoles(account: EmulatedAccount, regions: readonly string[]): Promise<(string | undefined)[]> {
  return Promise.all(
    regions.map(async (region) => {
      const gateway = new APIGatewayClient(clientSettings(account, region));
      return (await gateway.send(new GetAccountCommand({}))).cloudwatchRoleArn;
    }),
  );
}
