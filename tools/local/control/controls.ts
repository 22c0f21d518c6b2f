import type { RegionType } from '#local/model/model.ts';
import type { FactsMessage } from './facts-schema.ts';
import type { LiveMessage } from './live-schema.ts';
import type { RuntimeStatus, UnusedPermissions } from './protocol.ts';
import type { SummaryMessage } from './summary-schema.ts';

/** What can be asked of a runtime, and done to it, while it runs. */
export interface RuntimeControls {
  status(): RuntimeStatus;
  /** As it is now: it follows the target. */
  summary(): SummaryMessage;
  live(): LiveMessage;
  facts(): FactsMessage;
  unusedPermissions(): UnusedPermissions;
  setFailed(region: RegionType, failed: boolean): void;
  setReplicationLag(milliseconds: number): void;
  /**
   * Makes a part of the stage lead to another environment.
   *
   * @throws TargetError, when nothing has changed
   */
  moveTarget(part: string, environment: string): void;
}
