import { readFileSync } from 'node:fs';
import { PREVIEW } from '#functions/environment.ts';
import { parseSyntax } from '#stacks/settings/file/syntax.ts';
import { stackNames } from '#stacks/settings/stack-names.ts';

/** Words that the settings of a project give their meaning. */
export interface KnownValues {
  readonly stages: readonly string[];
  readonly environments: readonly string[];
  readonly parameters: readonly string[];
  /** `envA-primary`, and `envA` for both regions. */
  readonly stacks: readonly string[];
}

/**
 * What can be read of a settings file in a few milliseconds: its lists as they stand there, unchecked. Nothing, where there is no file or
 * where it is half written.
 */
export function readKnownValues(file: string): KnownValues {
  const { assignments } = parseSyntax(textOf(file));
  const list = (key: string): string[] => {
    const assignment = assignments.get(key);
    return assignment?.kind === 'list' ? assignment.words.map(({ text }) => text) : [];
  };
  const environments = list('API_ENVIRONMENTS');
  const edge = assignments.get('EDGE');
  const hasEdge = edge?.kind === 'text' && edge.text !== 'none';
  const container = assignments.get('CONTAINER');
  const hasContainer = container?.kind === 'text' && container.text === 'active';
  const pipeline = assignments.get('PIPELINE');
  const hasPipeline = pipeline?.kind === 'text' && pipeline.text === 'active';
  const stacks =
    environments.length === 0
      ? []
      : stackNames(environments, { edge: hasEdge, container: hasContainer, pipeline: hasPipeline });
  return {
    stages: list('STAGES'),
    environments: environments.length === 0 ? [] : [...environments, PREVIEW],
    parameters: list('PARAMETERS'),
    stacks: [...new Set([...stacks.map((name) => name.replace(/-(primary|secondary)$/, '')), ...stacks])],
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
