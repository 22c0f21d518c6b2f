import type { UnusedAction } from './grant-uses.ts';

/** IAM prefixes of the services that the runtime serves: of others it sees no call. */
const SERVED = new Set(['dynamodb', 'execute-api', 's3', 'ssm']);

/** Leaves out actions of other services; patterns that span services (`*`) stay. */
export function ofServedServices(actions: readonly UnusedAction[]): UnusedAction[] {
  return actions.filter(({ action }) => {
    const service = /^([a-z0-9-]+):/i.exec(action)?.[1];
    return service === undefined || SERVED.has(service.toLowerCase());
  });
}
