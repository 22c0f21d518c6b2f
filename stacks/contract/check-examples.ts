import { type $ZodType, safeParse } from 'zod/v4/core';
import { filledStep, journeysOf } from '#contract/journeys.ts';
import type { JourneyStep, Operation, OperationExample } from '#contract/operation.ts';
import { JOURNEYS_KEY } from '#stacks/settings/parameters.ts';
import type { Settings } from '#stacks/settings/settings.ts';
import type { Found } from './contract-error.ts';

type Call = Pick<OperationExample, 'body' | 'pathParameters' | 'query' | 'status'>;

/** Whether each example is a request that the operation takes, with a status that it responds with. */
export function checkExamples(operation: Operation): readonly Found[] {
  const { examples } = operation;
  if (examples.length === 0)
    return [{ member: 'examples', message: 'it has no example: readers and smoke tests need one.' }];
  return examples.flatMap((example) =>
    callProblems(operation, example).map((problem) => ({
      member: 'examples' as const,
      message: `example "${example.summary}": ${problem}.`,
    })),
  );
}

/** Whether a function can take the steps of journeys, one after another. */
export function checkJourneys(
  operation: Operation,
  operations: readonly Operation[],
  { parameters, journeyMinutes }: Pick<Settings, 'journeyMinutes' | 'parameters'>,
): readonly Found[] {
  const { auth, journeys = [] } = operation;
  const found: Found[] = [];
  if (journeys.length > 0 && (auth === 'jwt' || auth === 'authorizer')) {
    const message = `nobody gives a function tokens for auth '${auth}': a journey takes operations of auth 'open', 'apiKey' and 'iam'. Take its journeys out.`;
    found.push({ member: 'journeys', message });
  }
  if (journeys.length > 0 && auth === 'apiKey' && journeyMinutes > 0 && !parameters.includes(JOURNEYS_KEY)) {
    const message = `its journey needs ${JOURNEYS_KEY}, which PARAMETERS of settings.conf lacks: add it there, and set the value: two-region params put STAGE ${JOURNEYS_KEY}; or JOURNEY_MINUTES=0.`;
    found.push({ member: 'journeys', message });
  }
  for (const step of journeys) {
    const problems = [...nameProblems(step), ...turnProblems(step, operations)];
    const message = (problem: string) => `journey "${step.journey}": ${problem}.`;
    found.push(...problems.map((problem) => ({ member: 'journeys' as const, message: message(problem) })));
    // As a run sends it.
    const call = filledStep(step, { place: '0', run: 'mbz3k1x9' });
    found.push(
      ...callProblems(operation, call).map((problem) => ({ member: 'journeys' as const, message: message(problem) })),
    );
  }
  return found;
}

/** It is part of an alarm's name, and of a metric's dimension. */
function nameProblems({ journey }: JourneyStep): readonly string[] {
  return /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(journey) && journey.length <= 40
    ? []
    : ['its name must be lower-case words with hyphens, 40 characters at most'];
}

function turnProblems(step: JourneyStep, operations: readonly Operation[]): readonly string[] {
  const turns = (journeysOf(operations).get(step.journey) ?? []).map((each) => each.step.step ?? 1);
  const turn = step.step ?? 1;
  if (!Number.isInteger(turn) || turn < 1) return [`step is ${turn}, allowed: 1, 2, 3 and so on`];
  return turns.filter((each) => each === turn).length > 1 ? [`two of its steps are step ${turn}: number them`] : [];
}

function callProblems({ request, responses }: Operation, call: Call): readonly string[] {
  const found = (['pathParameters', 'query', 'body'] as const).flatMap((part) => refused(call, part, request[part]));
  if (!Object.hasOwn(responses, call.status)) found.push(`the status ${call.status} is not one of its responses`);
  return found;
}

function refused(call: Call, part: 'body' | 'pathParameters' | 'query', schema?: $ZodType): string[] {
  if (schema === undefined) return call[part] === undefined ? [] : [`it has ${part}, and the request declares none`];
  const { error } = safeParse(schema, call[part] ?? {});
  return (error?.issues ?? []).map(({ path, message }) => `${[part, ...path].join('.')}: ${message}`);
}
