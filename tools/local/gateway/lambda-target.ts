import { getOwn } from '#local/http/string-map.ts';
import type { LambdaFunction } from '#local/model/model.ts';

/** The function, at an alias or version, that an integration invokes. */
export interface LambdaTarget {
  readonly fn: LambdaFunction;
  /** An alias, a version's number or `$LATEST`. */
  readonly qualifier: string;
}

const INVOCATION_URI =
  /^arn:aws[a-z-]*:apigateway:([a-z0-9-]+):lambda:path\/2015-03-31\/functions\/(arn:[^/]+)\/invocations$/;
const FUNCTION_ARN = /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:([\w-]+)(?::([\w$-]+))?$/;

/**
 * Finds what an integration's URI names once the stage's variables are filled in.
 *
 * Source: Amazon API Gateway Developer Guide, "API Gateway stage variables reference".
 *
 * @returns the target, or a sentence that says why there is none
 */
export function resolveLambdaTarget(
  uri: string,
  stageVariables: Readonly<Record<string, string>>,
  functions: readonly LambdaFunction[],
): LambdaTarget | string {
  const filled = substituteStageVariables(uri, stageVariables);
  const arn = INVOCATION_URI.exec(filled)?.[2];
  if (arn === undefined) {
    return `the integration URI "${filled}" is not arn:aws:apigateway:<region>:lambda:path/2015-03-31/functions/<function ARN>/invocations`;
  }
  const [, name, qualifier = '$LATEST'] = FUNCTION_ARN.exec(arn) ?? [];
  if (name === undefined) return `"${arn}" in the integration URI is not the ARN of a function, version or alias`;
  const fn = functions.find((candidate) => arn === candidate.arn || arn.startsWith(`${candidate.arn}:`));
  if (!fn) return `this region has no function "${arn}"`;
  if (!hasQualifier(fn, qualifier)) {
    const aliases = fn.aliases.map((alias) => alias.name).join(', ') || 'none';
    return `the function ${name} has no alias or version "${qualifier}" (its aliases: ${aliases})`;
  }
  return { fn, qualifier };
}

function hasQualifier(fn: LambdaFunction, qualifier: string): boolean {
  // Older published versions are not in the model; the function service says so if one is missing.
  return /^(\$LATEST|\d+)$/.test(qualifier) || fn.aliases.some((alias) => alias.name === qualifier);
}

/** Fills in `${stageVariables.name}`; a variable that the stage lacks becomes nothing. */
function substituteStageVariables(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{stageVariables\.([A-Za-z0-9_]+)\}/g, (_, name: string) => getOwn(variables, name) ?? '');
}
