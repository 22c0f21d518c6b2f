import type { Grant } from './policy/evaluate.ts';

/** An action that a role may do, by one statement. */
export interface GrantUse extends Grant {
  readonly role: string;
}

/** An action that a role may do and hasn't done on some resource that its policies name. */
export interface UnusedAction {
  readonly role: string;
  /** As the policy has it; may have wildcards. */
  readonly action: string;
  /** Patterns, as the policy has them, that no call was for. */
  readonly resources: readonly string[];
  /** The action was used, on another resource. */
  readonly usedElsewhere: boolean;
}

/** Which of a role's grants calls have used. */
export class GrantUses {
  readonly #role: string;
  readonly #grants: readonly Grant[];
  readonly #used = new Set<Grant>();

  constructor(role: string, grants: readonly Grant[]) {
    this.#role = role;
    this.#grants = grants;
  }

  record(grants: readonly Grant[]): void {
    for (const grant of grants) this.#used.add(grant);
  }

  used(): readonly GrantUse[] {
    return [...this.#used].map((grant) => ({ role: this.#role, ...grant }));
  }

  /** @param lent - grants that others had from this role's policies and used */
  unused(lent: readonly Grant[] = []): readonly UnusedAction[] {
    const isUsed = (grant: Grant) =>
      this.#used.has(grant) ||
      lent.some(({ action, resource }) => action === grant.action && resource === grant.resource);
    const actions = new Set(this.#grants.map(({ action }) => action));
    return [...actions].flatMap((action) => {
      const grants = this.#grants.filter((grant) => grant.action === action);
      const unused = grants.filter((grant) => !isUsed(grant));
      if (unused.length === 0) return [];
      const resources = [...new Set(unused.map(({ resource }) => resource))];
      return [{ role: this.#role, action, resources, usedElsewhere: unused.length < grants.length }];
    });
  }
}

/**
 * Leaves out actions of services that the runtime does not serve, as it sees no call of them; patterns that span services (`*`) stay.
 *
 * @param served - IAM prefixes
 */
export function ofServedServices(actions: readonly UnusedAction[], served: ReadonlySet<string>): UnusedAction[] {
  return actions.filter(({ action }) => {
    const service = /^([a-z0-9-]+):/i.exec(action)?.[1];
    return service === undefined || served.has(service.toLowerCase());
  });
}
