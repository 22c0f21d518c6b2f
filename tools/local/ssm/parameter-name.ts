import { ACCOUNT_ID } from '#local/aws-endpoint/authorize.ts';

/** What a caller names: a parameter, or one version of it. */
export interface ParameterReference {
  readonly name: string;
  /** As it was written after the colon; labels aren't served and never found. */
  readonly version?: string;
  /** `:3`, as the answer repeats it. */
  readonly selector?: string;
}

/** What a new parameter may be called, as AWS Systems Manager API Reference, "PutParameter", has it. */
export const NAME_PATTERN = /^(?!\/?(?:aws|ssm))(?:[a-zA-Z0-9_.-]+|(?:\/[a-zA-Z0-9_.-]+){1,15})$/i;

const ARN = /^arn:aws:ssm:[^:]*:[^:]*:parameter(\/.*)$/;

/** Reads `name`, `name:version` or a parameter's ARN. An ARN doesn't tell `/name` and `name` apart: `isKnown` does. */
export function parseReference(text: string, isKnown: (name: string) => boolean): ParameterReference {
  const path = ARN.exec(text)?.[1];
  const named = path ?? text;
  const colon = named.indexOf(':');
  const written = colon < 0 ? named : named.slice(0, colon);
  const name = path !== undefined && !isKnown(written) && isKnown(written.slice(1)) ? written.slice(1) : written;
  if (colon < 0) return { name };
  return { name, version: named.slice(colon + 1), selector: named.slice(colon) };
}

/** In an ARN a name has exactly one slash before it (Service Authorization Reference, "AWS Systems Manager"). */
export const parameterArn = (region: string, name: string): string =>
  `arn:aws:ssm:${region}:${ACCOUNT_ID}:parameter/${name.replace(/^\//, '')}`;
