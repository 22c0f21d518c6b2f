import { type FunctionConfiguration, GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { StageContext } from '../../../../stacks/context.ts';
import { functionName } from '../../../../stacks/naming.ts';
import { functionAliases } from '../../live/function-aliases.ts';
import { type Fact, factsOf } from '../fact.ts';
import { variableFacts } from '../secret-value.ts';

/** What each environment runs of each function: code, version and configuration of the version that its alias points at. */
export async function functionFacts(
  client: LambdaClient,
  context: StageContext,
  names: readonly string[],
): Promise<readonly Fact[]> {
  const facts = names.map(async (name) => {
    const FunctionName = functionName(context, name);
    const aliases = await functionAliases(client, FunctionName);
    const ofAliases = [...aliases].map(async ([alias, { version, codeSha256, isPinned }]) => {
      const command = new GetFunctionConfigurationCommand({ FunctionName, Qualifier: alias });
      const subject = `${name} in ${alias}`;
      return [
        { kind: 'version', name: subject, value: version },
        { kind: 'code', name: subject, value: codeSha256 },
        { kind: 'pinned', name: subject, value: isPinned ? 'yes' : 'no' },
        ...configurationFacts(subject, await client.send(command)),
      ];
    });
    return (await Promise.all(ofAliases)).flat();
  });
  return (await Promise.all(facts)).flat();
}

function configurationFacts(name: string, configuration: FunctionConfiguration): readonly Fact[] {
  const { Runtime, Architectures, Handler, MemorySize, Timeout, Role, Layers, TracingConfig, Environment } =
    configuration;
  const attributes = {
    runtime: Runtime,
    architecture: Architectures,
    handler: Handler,
    memory: `${MemorySize} MB`,
    timeout: `${Timeout} s`,
    role: Role,
    layers: Layers?.map(({ Arn }) => Arn),
    tracing: TracingConfig?.Mode,
  };
  return [...factsOf(name, attributes), ...variableFacts(name, Environment?.Variables ?? {})];
}
