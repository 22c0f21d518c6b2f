import type { Authorization, Authorize, AuthorizeRequest } from '#local/aws-endpoint/authorize.ts';
import type { RuntimeLog } from '#local/events/runtime-log.ts';
import type { CredentialStore, Identity } from './credential-store.ts';
import { type GrantUse, GrantUses, type UnusedAction } from './grant-uses.ts';
import { compilePolicy, type Decision, type Policy } from './policy/evaluate.ts';
import { createRefusal, type RefusalCause } from './refusal.ts';
import { readSignature } from './signature/read-signature.ts';
import { SignatureVerifier } from './signature/verify-signature.ts';

export interface AuthorizerProps {
  readonly credentials: CredentialStore;
  readonly log: RuntimeLog;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
}

/** IAM of both regions. */
export interface Authorizer {
  readonly authorize: Authorize;
  /** Who signed a request, if the signature is right, without asking their policies. */
  authenticate(request: AuthorizeRequest): Identity | RefusalCause;
  /** Whether an identity may; refusals are logged and uses recorded. */
  decide(identity: Identity, request: Asked): RefusalCause | undefined;
  /** Whether a role may, for a service that is it; as {@link decide}. */
  mayRole(roleArn: string, request: Asked): boolean;
  /** What roles may do and no call has done since the start; the allowed invoker's calls count for the roles that may invoke. */
  unusedActions(): readonly UnusedAction[];
  /** What roles may do and calls have done. */
  usedActions(): readonly GrantUse[];
}

/** What is asked for, by whomever. */
export type Asked = Pick<AuthorizeRequest, 'action' | 'region' | 'resources'>;

const ALLOWED: Authorization = { allowed: true };
const MAX_DECISIONS = 10_000;

/** Verifies who signed a request and whether their policies allow it; on the way of every call, so decisions are kept. */
export function createAuthorizer({ credentials, log, now = Date.now }: AuthorizerProps): Authorizer {
  const verifier = new SignatureVerifier();
  const principals = new Map<Identity, Principal>();
  /** Roles of releases come while it runs. */
  const principalOf = (identity: Identity): Principal => {
    const principal = principals.get(identity) ?? createPrincipal(identity);
    principals.set(identity, principal);
    return principal;
  };
  const warn = (message: string) => log.write({ kind: 'warning', time: now(), message });

  const authenticate = (request: AuthorizeRequest): Identity | RefusalCause => {
    const reading = readSignature(request);
    if (reading.kind !== 'signed') return reading;
    const { signature } = reading;
    const identity = credentials.find(signature.accessKeyId);
    if (!identity) return { kind: 'unknown-key', accessKeyId: signature.accessKeyId };
    const { region, service } = request;
    const fault = verifier.verify({
      request,
      signature,
      credentials: identity.credentials,
      region,
      service,
      now: now(),
    });
    return fault ?? identity;
  };

  const decide = (identity: Identity, { action, resources, region }: Asked): RefusalCause | undefined => {
    const principal = principalOf(identity);
    for (const resource of resources.length > 0 ? resources : ['*']) {
      const decision = principal.decide(action, resource, region);
      if (decision.allowed) continue;
      warn(`IAM: ${identity.name} may not ${action} on ${resource}: ${explain(decision)}.`);
      const explicit = decision.reason === 'explicit-deny';
      return { kind: 'denied', user: identity.arn, action, resource, explicit };
    }
    return undefined;
  };

  const authorize: Authorize = async (request) => {
    const identity = authenticate(request);
    const isIdentity = 'credentials' in identity;
    const cause = isIdentity ? decide(identity, request) : identity;
    if (!cause) return ALLOWED;
    const refusal = createRefusal(request.service, cause);
    if (!isIdentity)
      warn(`IAM: ${request.action} in ${request.region} refused with ${refusal.code}: ${refusal.message}`);
    return { allowed: false, ...refusal };
  };

  const roles = () => credentials.identities.filter(({ kind }) => kind === 'role');
  return {
    authorize,
    authenticate,
    decide,
    mayRole: (roleArn, asked) => {
      const role = roles().findLast(({ name }) => roleArn.endsWith(`:role/${name}`));
      return role !== undefined && decide(role, asked) === undefined;
    },
    unusedActions: () => {
      const newest = new Map(roles().map((identity) => [identity.name, identity]));
      return [...newest.values()].flatMap((identity) => {
        const same = roles().filter(({ name }) => name === identity.name);
        const used = [credentials.allowedInvoker, ...same].flatMap((each) => principalOf(each).uses.used());
        return principalOf(identity).uses.unused(used);
      });
    },
    usedActions: () => roles().flatMap((identity) => principalOf(identity).uses.used()),
  };
}

function explain(decision: Decision): string {
  return decision.allowed === false && decision.reason === 'explicit-deny'
    ? 'a statement of its policies denies it'
    : 'no statement of its policies allows it';
}

interface Principal {
  readonly uses: GrantUses;
  decide(action: string, resource: string, region: string): Decision;
}

function createPrincipal({ name, arn, statements }: Identity): Principal {
  const policy: Policy = compilePolicy(statements);
  const uses = new GrantUses(name, policy.grants);
  const decisions = new Map<string, Decision>();
  return {
    uses,
    decide: (action, resource, region) => {
      const key = `${region} ${action} ${resource}`;
      let decision = decisions.get(key);
      if (decision === undefined) {
        if (decisions.size >= MAX_DECISIONS) decisions.clear();
        decision = policy.evaluate(action, resource, conditionContext(arn, region));
        decisions.set(key, decision);
        if (decision.allowed) uses.record(decision.grants);
      }
      return decision;
    },
  };
}

/** The endpoints stand for those of AWS, which are reached by TLS. */
function conditionContext(arn: string, region: string): ReadonlyMap<string, string> {
  return new Map([
    ['aws:requestedregion', region],
    ['aws:principalarn', arn],
    ['aws:securetransport', 'true'],
  ]);
}
