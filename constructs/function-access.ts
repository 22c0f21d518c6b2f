import { type Access, environment, type TableName, type VariableName } from '#functions/environment.ts';

/** One statement of a function's role. */
export interface AccessStatement {
  readonly actions: string[];
  readonly resources: string[];
}

/** What the variables name in one region: a name for the environment, ARNs for the role. */
export interface AccessResources {
  readonly values: {
    readonly [Name in VariableName as (typeof environment)[Name]['kind'] extends 'value' ? Name : never]: string;
  };
  readonly table: (table: TableName) => {
    readonly name: string;
    readonly arn: string;
    /** Their names, sorted. */
    readonly indexes: readonly string[];
  };
  readonly bucket: { readonly name: string; readonly arn: string };
  readonly parameter: (parameter: string) => { readonly name: string; readonly arn: string };
}

/** Environment and role of a function, derived from what its operations declare. */
export interface FunctionAccess {
  readonly environment: Readonly<Record<string, string>>;
  readonly statements: readonly AccessStatement[];
  /** The statements without the names of a region: equal for equal sets of permissions. */
  readonly permissions: readonly (readonly [name: string, variable: object, actions: readonly string[]])[];
  /** Tables that the variables name. */
  readonly tables: readonly TableName[];
}

/**
 * Turns the declared access of one function's operations into environment variables and the policy statements that go with them. Actions
 * on objects go to the bucket's objects, `s3:ListBucket` to the bucket itself.
 */
export function grantAccess(accesses: readonly Access[], resources: AccessResources): FunctionAccess {
  const actionsByVariable = new Map<VariableName, Set<string>>();
  for (const access of accesses) {
    for (const [name, actions] of Object.entries(access)) {
      const known = actionsByVariable.get(name as VariableName) ?? new Set();
      for (const action of actions) known.add(action);
      actionsByVariable.set(name as VariableName, known);
    }
  }
  const variables: Record<string, string> = {};
  const statements: AccessStatement[] = [];
  const permissions: FunctionAccess['permissions'][number][] = [];
  const named: TableName[] = [];
  for (const [name, actions] of [...actionsByVariable].sort(([a], [b]) => a.localeCompare(b))) {
    const variable = environment[name];
    const sorted = [...actions].sort();
    const { indexes } = variable.kind === 'table' ? resources.table(variable.table) : { indexes: [] };
    if (variable.kind !== 'value')
      permissions.push([name, indexes.length > 0 ? { ...variable, indexes } : variable, sorted]);
    switch (variable.kind) {
      case 'value':
        variables[name] = resources.values[name as keyof AccessResources['values']];
        break;
      case 'table': {
        const table = resources.table(variable.table);
        named.push(variable.table);
        variables[name] = table.name;
        statements.push({ actions: sorted, resources: [table.arn] });
        const onIndexes = indexes.length > 0 ? sorted.filter((action) => INDEX_ACTIONS.includes(action)) : [];
        if (onIndexes.length > 0) {
          statements.push({ actions: onIndexes, resources: indexes.map((index) => `${table.arn}/index/${index}`) });
        }
        break;
      }
      case 'parameter': {
        const parameter = resources.parameter(variable.parameter);
        variables[name] = parameter.name;
        statements.push({ actions: sorted, resources: [parameter.arn] });
        break;
      }
      case 'bucket': {
        variables[name] = resources.bucket.name;
        const onObjects = sorted.filter((action) => action !== 's3:ListBucket');
        if (onObjects.length > 0) statements.push({ actions: onObjects, resources: [`${resources.bucket.arn}/*`] });
        if (sorted.includes('s3:ListBucket'))
          statements.push({ actions: ['s3:ListBucket'], resources: [resources.bucket.arn] });
        break;
      }
    }
  }
  return { environment: variables, statements, permissions, tables: named };
}

/** What an index can be asked. Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon DynamoDB". */
const INDEX_ACTIONS: readonly string[] = ['dynamodb:Query', 'dynamodb:Scan'];
