import type { LockOptions } from '#operator/lock/hold-lock.ts';
import type { SwitchHooks } from '#operator/switch/prepare-switch.ts';
import type { SwitchReport, SwitchRequest } from '#operator/switch/switch-ports.ts';
import { switchStage } from '#operator/switch/switch-stage.ts';
import { FakedPlace } from './faked-place.ts';

/** Who gives the commands. */
export const owner: LockOptions['owner'] = { user: 'ada', host: 'here', pid: 1 };

/** Gives a command whose every question is answered with yes. Whoever has its lock is gone. */
export function run(
  stage: FakedPlace,
  request: SwitchRequest,
  hooks: Partial<SwitchHooks> = {},
): Promise<SwitchReport> {
  return switchStage(stage.place, request, { owner, confirm: async () => undefined, isGone: () => true, ...hooks });
}

/** The command is killed at its first look, while it watches or bakes; what it did before stays as it is. */
export async function killedAtFirstLook(request: SwitchRequest): Promise<FakedPlace> {
  const stage = new FakedPlace();
  const reached = new Promise<void>((resolve) => {
    stage.onLook = () => {
      resolve();
      return new Promise(() => undefined);
    };
  });
  void run(stage, request);
  await reached;
  stage.onLook = () => undefined;
  return stage;
}
