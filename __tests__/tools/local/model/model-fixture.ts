import { buildModel } from '#local/model/build-model.ts';
import type { LocalModel } from '#local/model/model.ts';
import type { Stack } from '#local/terraform/stack.ts';
import { evaluate, stack } from '#tests/tools/local/terraform/stack-fixture.ts';

/** A Terraform expression in a string of the JSON. */
export const ref = (expression: string) => `\${${expression}}`;

/** `resource` of a stack. */
export type Resources = NonNullable<Parameters<typeof stack>[0]['resource']>;

/** The model of stacks in eu-central-1, the primary region; eu-west-1 is the secondary one. */
export function modelOf(resource: Resources, ...others: readonly Stack[]): LocalModel {
  return modelOfStacks(stack({ resource }), ...others);
}

export function modelOfStacks(...stacks: readonly Stack[]): LocalModel {
  const evaluation = evaluate(stacks, { parameter: (region, name) => `${region} ${name}` });
  return buildModel(evaluation, { stage: 'dev', primaryRegion: 'eu-central-1', secondaryRegion: 'eu-west-1' });
}
