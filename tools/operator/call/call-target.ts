import type { Places } from '#client/attempts.ts';
import type { SendOptions } from '#client/send.ts';
import type { RegionType } from '#stacks/context.ts';

/** Which of several places a call goes to; the public name when neither is given. */
export interface Place {
  readonly env?: string;
  readonly region?: RegionType;
}

/** What a caller brings along, instead of what the place has for everybody. */
export interface Identification extends Pick<SendOptions, 'token'> {
  /** API key. */
  readonly key?: string | undefined;
}

/** Where an operation answers, and what the caller identifies itself with there. */
export interface CallTarget extends SendOptions {
  /** What the operation's path is appended to. */
  readonly baseUrl: string;
  /** Regions that a public name may lead to, and where each answers by itself. @default - the call goes to one place */
  readonly regions?: Pick<Places, 'regionalUrl' | 'regions'>;
}
