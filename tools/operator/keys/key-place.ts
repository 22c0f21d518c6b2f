import { PREVIEW } from '../../../functions/environment.ts';
import type { StageContext } from '../../../stacks/context.ts';
import { prefix } from '../../../stacks/naming.ts';
import { didYouMean } from '../../../stacks/settings/suggestion.ts';
import { RefusedError } from '../cli/errors.ts';

/** What one key opens and where it is kept. The API environments share a key, `preview` has its own. */
export interface KeyPlace {
  /** Parameter that holds the key's value, and during a rotation the one before it. */
  readonly parameter: 'api_key' | 'preview_api_key';
  /** Environments that it opens. */
  readonly environments: readonly string[];
  /** Name of the usage plan in each region. */
  readonly usagePlan: string;
  /** Kind of the stacks that declare it. */
  readonly stackKind: string;
  /** It opens the environment that receives live traffic. */
  readonly isLive: boolean;
  /** What a command line needs besides the stage to mean this place. */
  readonly flags: string;
}

/**
 * The key of an environment.
 *
 * @param environment - @default - the API environments
 * @throws RefusedError for an environment that the settings don't have
 */
export function keyPlace(context: StageContext, environment: string | undefined): KeyPlace {
  const { apiEnvironments } = context.settings;
  const known = [...apiEnvironments, PREVIEW];
  if (environment !== undefined && !known.includes(environment)) {
    const suggestion = didYouMean(environment, known);
    throw new RefusedError(`--env is ${JSON.stringify(environment)}, allowed are ${known.join(', ')}.${suggestion}`);
  }
  if (environment === PREVIEW) {
    return {
      parameter: 'preview_api_key',
      environments: [PREVIEW],
      usagePlan: `${prefix(context)}-${PREVIEW}`,
      stackKind: PREVIEW,
      isLive: false,
      flags: ` --env ${PREVIEW}`,
    };
  }
  return {
    parameter: 'api_key',
    environments: apiEnvironments,
    usagePlan: prefix(context),
    stackKind: 'entry',
    isLive: true,
    flags: '',
  };
}
