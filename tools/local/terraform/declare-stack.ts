import { ExpressionError } from './addressed-error.ts';
import type { JsonEvaluator } from './evaluate-json.ts';
import {
  blockAddress,
  type EvaluatedInstance,
  evaluateResource,
  instanceAddress,
  type ResourceBlock,
} from './evaluate-resource.ts';
import type { EvaluateOptions } from './evaluation.ts';
import { type Scope, withNames } from './expression/scope.ts';
import { convertToType } from './expression/type-constraint.ts';
import { toBool, toText } from './expression/value/convert.ts';
import { encodeJson, fromJson } from './expression/value/json.ts';
import { type Json, LazyObject, Mapping, NULL, Sequence, type Value } from './expression/value/value.ts';
import { expandInstances } from './for-each.ts';
import type { LazyGraph } from './lazy-graph.ts';
import type { RemoteStates } from './remote-state.ts';
import type { Stack, VariableDeclaration } from './stack.ts';
import { createStackScope, resourceValue, type UnknownFunctions } from './stack-scope.ts';

interface EvaluationContext {
  readonly graph: LazyGraph;
  readonly evaluate: JsonEvaluator;
  readonly remoteStates: RemoteStates;
  readonly options: EvaluateOptions;
  /** What resources tell of themselves by their id, across stacks. */
  readonly told: Map<string, string>;
  readonly unknownFunctions: UnknownFunctions;
}

/** Readers of what a stack holds; each throws an AddressedError when its value cannot be told. */
interface DeclaredStack {
  readonly name: string;
  /** What names mean in the stack. */
  readonly scope: Scope;
  readonly outputs: ReadonlyMap<string, () => Value>;
  /** Variables and locals, which have to have a value even if nothing refers to them. */
  readonly checks: readonly (() => Value)[];
  /** Each gives the readers of its instances. */
  readonly blocks: readonly (() => readonly (() => EvaluatedInstance)[])[];
}

/** Declares a stack's names and what each is computed from; nothing is computed yet. */
export function declareStack(stack: Stack, context: EvaluationContext): DeclaredStack {
  const { graph, evaluate, remoteStates } = context;
  const variables = new Map<string, () => Value>();
  const locals = new Map<string, () => Value>();
  const resources = new Map<string, () => Value>();
  const blocks: DeclaredStack['blocks'][number][] = [];
  const scope = createStackScope(stack, { variables, locals, resources }, context.unknownFunctions);
  const node = <T>(address: string, compute: () => T) => graph.node(stack.name, address, compute);

  declareVariables(stack, scope, variables, context);
  for (const [name, json] of Object.entries(stack.json.locals)) {
    locals.set(
      name,
      node(`local.${name}`, () => evaluate(json, scope)),
    );
  }
  for (const block of resourceBlocks(stack)) {
    const address = blockAddress(block);
    if (block.type === 'terraform_remote_state') {
      resources.set(
        address,
        node(address, () => remoteStates.read(block.body, scope, evaluate)),
      );
      continue;
    }
    const declared = declareBlock(block, scope, context);
    resources.set(address, declared.value);
    if (context.options.types?.includes(block.type) ?? true) blocks.push(declared.instances);
  }
  const outputs = new Map(
    Object.entries(stack.json.output).map(([name, { value }]) => [
      name,
      node(`output.${name}`, () => evaluate(value, scope)),
    ]),
  );
  remoteStates.add(stack, (name) => {
    const read = outputs.get(name);
    if (!read)
      throw new ExpressionError(`the stack ${stack.name} has no output "${name}"; synthesize all stacks again`);
    return read();
  });
  return { name: stack.name, scope, outputs, checks: [...variables.values(), ...locals.values()], blocks };
}

function declareVariables(
  stack: Stack,
  scope: Scope,
  variables: Map<string, () => Value>,
  { graph, evaluate, options }: EvaluationContext,
): void {
  const variablesOf = options.stackVariables ?? {};
  const given = { ...options.variables, ...(Object.hasOwn(variablesOf, stack.name) && variablesOf[stack.name]) };
  for (const [name, declaration] of Object.entries(stack.json.variable)) {
    const compute = () => {
      const value = variableValue(name, declaration, Object.hasOwn(given, name) ? given[name] : undefined);
      // A validation refers to the variable that is being computed.
      const other = (variable: string) => scope.resolve('var', [{ kind: 'attribute', name: variable }]).value;
      const known = new LazyObject(
        (variable) => (variable === name ? value : other(variable)),
        () => Mapping.object([[name, value]]),
      );
      validateVariable(declaration, value, withNames(scope, { var: known }), evaluate);
      return value;
    };
    variables.set(name, graph.node(stack.name, `var.${name}`, compute));
  }
}

function resourceBlocks(stack: Stack): readonly ResourceBlock[] {
  const { data, resource } = stack.json;
  const blocksOf = (mode: ResourceBlock['mode'], declarations: typeof data): ResourceBlock[] =>
    Object.entries(declarations).flatMap(([type, named]) =>
      Object.entries(named).map(([name, body]) => ({ stack, mode, type, name, body })),
    );
  return [...blocksOf('data', data), ...blocksOf('managed', resource)];
}

function declareBlock(block: ResourceBlock, scope: Scope, { graph, evaluate, options, told }: EvaluationContext) {
  const { stack, body } = block;
  const address = blockAddress(block);
  const isExpanded = body.count !== undefined || body.for_each !== undefined;
  const instances = graph.node(stack.name, isExpanded ? `${address} (instances)` : `${address} (block)`, () =>
    expandInstances(body, scope, evaluate).map((instance) => {
      const itsAddress = instanceAddress(address, instance);
      const read = graph.node(stack.name, itsAddress, () =>
        evaluateResource(block, itsAddress, instance, evaluate, { ...options, told }),
      );
      const { mode, type } = block;
      const value = resourceValue({ stack: stack.name, mode, type, address: itsAddress }, read);
      return { key: instance.key, read, value };
    }),
  );
  const value = (): Value => {
    const all = instances();
    if (body.for_each !== undefined)
      return Mapping.object(all.map((one) => [String(one.key ?? ''), one.value] as const));
    return body.count !== undefined ? Sequence.tuple(all.map((one) => one.value)) : (all[0]?.value ?? NULL);
  };
  return { value, instances: () => instances().map(({ read }) => read) };
}

/**
 * The value of a variable: the given one, else the default, converted to the declared type. Its validations are checked in `validate`,
 * since their conditions refer to the variable itself.
 */
function variableValue(name: string, declaration: VariableDeclaration, given: Json | undefined): Value {
  const value = given ?? declaration.default;
  if (value === undefined) {
    throw new ExpressionError(`the variable has no value and no default; give one: variables.${name}`);
  }
  return convertToType(fromJson(value), declaration.type);
}

/** @throws ExpressionError with the message of each validation that doesn't hold */
function validateVariable(declaration: VariableDeclaration, value: Value, scope: Scope, evaluate: JsonEvaluator): void {
  const broken = declaration.validation.filter(({ condition }) => !toBool(evaluate(condition, scope)));
  if (broken.length === 0) return;
  const messages = broken.map((validation) => toText(evaluate(validation.error_message, scope)));
  throw new ExpressionError(`got ${encodeJson(value)}: ${messages.join(' ')}`);
}
