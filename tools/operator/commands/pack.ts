import { Command } from 'commander';
import type { PackFlags } from '#operator/pack/run-pack.ts';

/** `two-region pack STAGE`. */
export function packCommand(): Command {
  return new Command('pack')
    .description('one archive with all that commands need where no registry answers, and proof that it is')
    .argument('[stage]', 'stage of settings.conf whose stacks go in; not with --verify')
    .option('--verify <file>', 'unpack an archive into a temporary folder and work there with every registry refused')
    .option('--output <folder>', 'where the archive is written (default: .two-region/packs)')
    .option(
      '--platform <platforms...>',
      "providers for these, too, such as darwin_arm64 (default: this machine's alone)",
    )
    .option('--force', 'replace an archive of the same name (default: refuse)')
    .option(
      '--json',
      'print one JSON document: file, archive, manifest, leftOut; with --verify file, stage, made, checks',
    )
    .addHelpText(
      'after',
      `
Packed are the project without its tests, the packages that commands run with, Terraform and the providers of the lock file, and the stage's stacks
with the functions' bundles. Good for switch, rollback, route-away, state recover, deploy and the rest that needs nothing but AWS. Not in it: .env,
states, variables, credentials; a file that holds a secret is named, and nothing is packed. The name tells stage, code and platform.

Unpacked, commands take Terraform and providers out of it by themselves: tar -xzf FILE, then node tools/operator/two-region.mjs in its folder.

Examples:
  two-region pack prod
  two-region pack prod --platform darwin_arm64 linux_arm64 --output /mnt/emergency
  two-region pack --verify .two-region/packs/two-region-api-prod-1a2b3c4d5e6f-linux_amd64.tar.gz`,
    )
    .action(async (stage: string | undefined, flags: PackFlags) => {
      const { runPack } = await import('#operator/pack/run-pack.ts');
      await runPack(stage, flags);
    });
}
