import { randomBytes } from 'node:crypto';
import { ACCOUNT_ID } from '#local/aws-endpoint/authorize.ts';
import type { LocalModel, PolicyStatement, Role } from '#local/model/model.ts';
import { isAllowed } from './policy/evaluate.ts';

/** What a client signs with. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** A role's credentials have one, a user's don't. */
  readonly sessionToken?: string;
}

export interface RoleCredentials extends Credentials {
  readonly sessionToken: string;
}

/** Who a request can come from. */
export interface Identity {
  readonly kind: 'role' | 'user';
  /** The role's or user's name. */
  readonly name: string;
  /** `arn:aws:sts::…:assumed-role/<role>/local` or `arn:aws:iam::…:user/<name>`: what errors and `$context.identity.userArn` say. */
  readonly arn: string;
  /** Its unique id, the role's with the session's name: `$context.identity.user`. */
  readonly userId: string;
  readonly credentials: Credentials;
  readonly statements: readonly PolicyStatement[];
}

export interface CredentialStore {
  /** Roles in the order in which they came: of those with one name the last is the newest. */
  readonly identities: readonly Identity[];
  /** May do what the first role of the model may that calls routes, the primary region's before the secondary's; every route if there is none. */
  readonly allowedInvoker: Identity;
  /** May call nothing. */
  readonly deniedInvoker: Identity;
  /** May do anything: who operates the runtime, for the tools that work on its data. */
  readonly operator: Identity;
  find(accessKeyId: string): Identity | undefined;
  /** @throws Error when the model has no such role */
  forRole(roleArn: string): RoleCredentials;
  /**
   * Issues credentials for roles as a release has them. Those that were issued before go on being what they were, and a role that was there
   * with the same policies keeps its own.
   *
   * @returns like {@link CredentialStore.forRole}, for these
   */
  addRoles(roles: readonly Role[]): (roleArn: string) => RoleCredentials;
}

const SESSION = 'local';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const INVOKE = 'execute-api:Invoke';
/** Of integrations whose credentials are the caller's. */
const INVOKE_FUNCTION = 'lambda:InvokeFunction';

/** Issues credentials for every role of both regions and for two users, new ones at each start; they look like those of AWS. */
export function createCredentialStore({ regions }: Pick<LocalModel, 'regions'>): CredentialStore {
  const roles = mergeRoles([...regions.primary.roles, ...regions.secondary.roles]);
  const allowedInvoker = createUser('allowed-invoker', invokerStatements(roles));
  const deniedInvoker = createUser('denied-invoker', []);
  const operator = createUser('operator', [{ effect: 'Allow', actions: ['*'], resources: ['*'] }]);
  const identities: Identity[] = [allowedInvoker, deniedInvoker, operator];
  const byAccessKey = new Map(identities.map((identity) => [identity.credentials.accessKeyId, identity]));
  const byRole = new Map<string, { readonly credentials: RoleCredentials; readonly identity: Identity }>();
  const issue = (role: Role) => {
    const credentials = issueRoleCredentials();
    const identity = createRoleIdentity(role, credentials);
    byAccessKey.set(credentials.accessKeyId, identity);
    return { credentials, identity };
  };
  const addRoles: CredentialStore['addRoles'] = (added) => {
    const issued = new Map<string, RoleCredentials>();
    for (const role of mergeRoles(added)) {
      const content = JSON.stringify([role.arn, role.statements]);
      const known = byRole.get(content);
      const { credentials, identity } = known ?? issue(role);
      byRole.set(content, { credentials, identity });
      issued.set(role.arn, credentials);
      if (known) identities.splice(identities.indexOf(identity), 1);
      identities.push(identity);
    }
    return (roleArn) => {
      const credentials = issued.get(roleArn);
      if (credentials) return credentials;
      throw new Error(`No role has the ARN ${roleArn}. The model has: ${[...issued.keys()].join(', ')}.`);
    };
  };
  return {
    identities,
    allowedInvoker,
    deniedInvoker,
    operator,
    find: (accessKeyId) => byAccessKey.get(accessKeyId),
    forRole: addRoles(roles),
    addRoles,
  };
}

/** Roles belong to the account: one that both regions list is one. */
function mergeRoles(roles: readonly Role[]): readonly Role[] {
  const merged = new Map<string, Role>();
  for (const role of roles) {
    const statements = merged.get(role.arn)?.statements ?? [];
    merged.set(role.arn, { ...role, statements: [...statements, ...role.statements] });
  }
  return [...merged.values()];
}

/** Those of one role, as a caller on AWS has them: what two roles together may do, no caller may. */
function invokerStatements(roles: readonly Role[]): readonly PolicyStatement[] {
  const invoker = roles.find(({ statements }) => statements.some((each) => allows(each, INVOKE)));
  return invoker?.statements ?? [{ effect: 'Allow', actions: [INVOKE, INVOKE_FUNCTION], resources: ['*'] }];
}

function allows(statement: PolicyStatement, action: string): boolean {
  if (statement.effect !== 'Allow') return false;
  return isAllowed([{ effect: 'Allow', actions: statement.actions, resources: ['*'] }], action, '*');
}

function createRoleIdentity({ name, statements }: Role, credentials: RoleCredentials): Identity {
  return {
    kind: 'role',
    name,
    arn: `arn:aws:sts::${ACCOUNT_ID}:assumed-role/${name}/${SESSION}`,
    userId: `AROA${randomText(16)}:${SESSION}`,
    credentials,
    statements,
  };
}

function createUser(name: string, statements: readonly PolicyStatement[]): Identity {
  return {
    kind: 'user',
    name,
    arn: `arn:aws:iam::${ACCOUNT_ID}:user/${name}`,
    userId: `AIDA${randomText(16)}`,
    credentials: { accessKeyId: `AKIA${randomText(16)}`, secretAccessKey: randomSecret() },
    statements,
  };
}

function issueRoleCredentials(): RoleCredentials {
  return {
    accessKeyId: `ASIA${randomText(16)}`,
    secretAccessKey: randomSecret(),
    sessionToken: randomBytes(192).toString('base64'),
  };
}

function randomText(length: number): string {
  return [...randomBytes(length)].map((byte) => BASE32[byte % BASE32.length]).join('');
}

/** 40 characters. */
function randomSecret(): string {
  return randomBytes(30).toString('base64');
}
