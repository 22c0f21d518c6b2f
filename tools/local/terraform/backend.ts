import { isList, type Json } from './expression/value.ts';

/** What tells one stack's state from another's in a backend. */
const identifying: Readonly<Record<string, readonly string[]>> = {
  s3: ['bucket', 'key', 'region'],
  local: ['path'],
};

/**
 * The place of a state, as a `backend` block or the configuration of a `terraform_remote_state` names it.
 * A backend that isn't known here is identified by its whole configuration.
 */
export function stateLocation(kind: string, config: Json): string {
  if (config === null || typeof config !== 'object' || isList(config)) return kind;
  const names = identifying[kind] ?? Object.keys(config).sort();
  return `${kind} ${names.map((name) => `${name}=${JSON.stringify(config[name] ?? null)}`).join(' ')}`;
}
