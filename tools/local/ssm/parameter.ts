export const PARAMETER_TYPES = ['SecureString', 'String', 'StringList'] as const;

export type ParameterType = (typeof PARAMETER_TYPES)[number];

/** A parameter to start with. */
export interface ParameterSeed {
  /** `/my-api/dev/name` or `name`. */
  readonly name: string;
  readonly value: string;
  /** `String` by default. */
  readonly type?: ParameterType;
}

/** One version of a parameter. */
export interface ParameterVersion {
  readonly name: string;
  readonly type: ParameterType;
  readonly value: string;
  /** Counted from 1. */
  readonly version: number;
  readonly lastModified: Date;
  readonly description?: string;
  readonly tier: string;
}

/** What happened to a parameter; without a value it was deleted. */
export interface ParameterChange {
  readonly name: string;
  readonly value?: string;
}
