import { ExpressionError } from './addressed-error.ts';
import type { JsonEvaluator } from './evaluate-json.ts';
import type { Scope } from './expression/scope.ts';
import { toText } from './expression/value/convert.ts';
import { fromJson, isJsonList, toJson } from './expression/value/json.ts';
import { type Json, LazyObject, Mapping, type Value } from './expression/value/value.ts';
import type { Body, Stack } from './stack.ts';

/** What tells one stack's state from another's in a backend. */
const identifying: Readonly<Record<string, readonly string[]>> = {
  s3: ['bucket', 'key', 'region'],
  local: ['path'],
};

/** Outputs of a stack, each evaluated when it is asked for. */
type OutputReader = (name: string) => Value;

/** Finds the stack that writes the state which a `terraform_remote_state` reads. */
export class RemoteStates {
  readonly #byLocation = new Map<string, { readonly stack: Stack; readonly output: OutputReader }>();

  add(stack: Stack, output: OutputReader): void {
    for (const [kind, config] of Object.entries(stack.json.terraform.backend)) {
      this.#byLocation.set(stateLocation(kind, config), { stack, output });
    }
  }

  /** The data source: its `outputs` are those of the other stack. */
  read(body: Body, scope: Scope, evaluate: JsonEvaluator): LazyObject {
    const location = stateLocation(
      toText(fromJson(body.backend ?? 'local')),
      toJson(evaluate(body.config ?? {}, scope)),
    );
    const found = this.#byLocation.get(location);
    if (!found) {
      const known = [...this.#byLocation.keys()].join('; ') || 'none';
      throw new ExpressionError(`no synthesized stack keeps its state in ${location}; known are ${known}`);
    }
    const { stack, output } = found;
    const resolveOutputs = () =>
      Mapping.object(Object.keys(stack.json.output).map((name) => [name, output(name)] as const));
    const outputs = new LazyObject(output, resolveOutputs);
    return new LazyObject(
      (name) => {
        if (name === 'outputs') return outputs;
        throw new ExpressionError(`no attribute "${name}"; a remote state has "outputs"`);
      },
      () => Mapping.object([['outputs', resolveOutputs()]]),
    );
  }
}

/**
 * The place of a state, as a `backend` block or the configuration of a `terraform_remote_state` names it.
 * A backend that isn't known here is identified by its whole configuration.
 */
function stateLocation(kind: string, config: Json): string {
  if (config === null || typeof config !== 'object' || isJsonList(config)) return kind;
  const names = identifying[kind] ?? Object.keys(config).sort();
  return `${kind} ${names.map((name) => `${name}=${JSON.stringify(config[name] ?? null)}`).join(' ')}`;
}
