import { type FunctionConfiguration, GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { LiveEnvironment } from '#operator/live/live-region.ts';
import { type Fact, factsOf, variableFacts } from '#operator/parity/fact.ts';
import type { StageContext } from '#stacks/context.ts';
import { functionName } from '#stacks/naming.ts';

/** What each environment runs of each function: code, version and configuration of the version that its alias points at. */
export async function functionFacts(
  client: LambdaClient,
  context: StageContext,
  environments: readonly Pick<LiveEnvironment, 'functions' | 'name'>[],
): Promise<readonly Fact[]> {
  const facts = environments.flatMap(({ name: environment, functions }) =>
    Object.entries(functions).map(async ([name, { version, codeSha256, isPinned, weights }]) => {
      const subject = `${name} in ${environment}`;
      const alias = { FunctionName: functionName(context, name), Qualifier: environment };
      const configuration = await client.send(new GetFunctionConfigurationCommand(alias));
      return [
        ...factsOf(subject, { version, code: codeSha256, pinned: isPinned ? 'yes' : 'no', weights }),
        ...configurationFacts(subject, configuration),
      ];
    }),
  );
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
