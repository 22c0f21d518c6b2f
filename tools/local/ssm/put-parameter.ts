import { runInNewContext } from 'node:vm';
import { matchesEntirely } from '#local/vtl/java/pattern.ts';
import { invalidAllowedPattern, patternMismatch, validationError } from './errors.ts';
import { type PutParameterInput, parseInput, putParameterInput, requireDataType } from './inputs.ts';
import type { SsmOperation } from './operation.ts';
import { parameterArn, requireName } from './parameter-name.ts';
import type { ParameterStore, Tier } from './parameter-store.ts';

/** Bytes of a value (AWS Systems Manager User Guide, "Managing parameter tiers"). */
const LIMITS = { Standard: 4096, Advanced: 8192 } as const;

const MAX_MATCH_MILLISECONDS = 250;

const UPGRADE =
  ' To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html';

/** PutParameter (AWS Systems Manager API Reference). */
export const putParameter: SsmOperation = ({ region, store }, input) => {
  const given = parseInput(putParameterInput, input);
  const { Name: name, Value: value, Overwrite: overwrite, Tags: tags } = given;
  requireName(region, name);
  requireDataType(given.DataType);
  if (overwrite && tags && tags.length > 0) {
    throw validationError(
      "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
    );
  }
  if (/\{\{[\s\S]*\}\}/.test(value)) {
    throw validationError('Parameter value can\'t nest another parameter. Do not use "{{}}" in the value.');
  }
  return {
    resources: [parameterArn(region, name)],
    run: () => {
      const tier = chooseTier(store, given);
      requirePattern(given.AllowedPattern ?? store.newest(name)?.allowedPattern, value);
      const { version } = store.put({
        name,
        value,
        tier,
        overwrite,
        ...(given.Type && { type: given.Type }),
        ...(given.Description !== undefined && { description: given.Description }),
        ...(given.AllowedPattern !== undefined && { allowedPattern: given.AllowedPattern }),
        ...(given.DataType !== undefined && { dataType: given.DataType }),
        ...(given.KeyId !== undefined && { keyId: given.KeyId }),
      });
      return { Version: version, Tier: tier };
    },
  };
};

/** An advanced parameter stays one; Intelligent-Tiering makes one where a standard parameter is too small. */
function chooseTier(store: ParameterStore, { Name, Value, Tier: asked, Overwrite }: PutParameterInput): Tier {
  const before = Overwrite ? store.newest(Name)?.tier : undefined;
  const length = Buffer.byteLength(Value);
  if (asked === 'Standard' && before === 'Advanced') {
    throw validationError(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.",
    );
  }
  const isGrown = asked === 'Intelligent-Tiering' && length > LIMITS.Standard;
  const tier = asked === 'Advanced' || before === 'Advanced' || isGrown ? 'Advanced' : 'Standard';
  if (length <= LIMITS[tier]) return tier;
  const most = `${tier} tier parameters support a maximum parameter value of ${LIMITS[tier]} characters.`;
  throw validationError(tier === 'Standard' ? most + UPGRADE : most);
}

/** An empty pattern is none. */
function requirePattern(pattern: string | undefined, value: string): void {
  if (!pattern) return;
  let matches: unknown;
  try {
    // Within a script, which alone can be stopped: a pattern may take for ever.
    const script = { matches: () => matchesEntirely(pattern, value) };
    matches = runInNewContext('matches()', script, { timeout: MAX_MATCH_MILLISECONDS });
  } catch {
    throw invalidAllowedPattern();
  }
  if (matches !== true) throw patternMismatch(pattern);
}
