import type { Reply } from '../../http/reply.ts';
import type { Exchange } from './exchange.ts';
import type { Fault } from './fault.ts';

/** A method's integration, prepared for one stage: answers, or says why it can't. */
export type Integration = (exchange: Exchange) => Promise<Fault | Reply>;

export function isFault(outcome: Fault | Reply): outcome is Fault {
  return 'responseType' in outcome;
}
