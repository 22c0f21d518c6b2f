import { listenForInterruption } from '#operator/cli/interruption.ts';
import type { Surroundings } from '#operator/cli/run-command.ts';
import { openTerraform } from './open-terraform.ts';
import type { Terraform } from './terraform.ts';

/** Terraform as a command needs it, until the command's end: its progress is shown, and Ctrl-C lets it end what it has begun. */
export function terraformOf(
  { view, atEnd }: Pick<Surroundings, 'atEnd' | 'view'>,
  lockTimeoutSeconds?: number,
): { readonly terraform: Terraform; readonly signal: AbortSignal } {
  const { signal, dispose } = listenForInterruption((message) => view.line(message));
  atEnd(dispose);
  const terraform = openTerraform({ signal, onProgress: (progress) => view.progress(progress), lockTimeoutSeconds });
  atEnd(() => terraform.close());
  return { terraform, signal };
}
