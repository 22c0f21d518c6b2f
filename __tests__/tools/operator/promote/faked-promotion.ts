import type { LiveFunction } from '#operator/live/live-region.ts';
import { movedByTerraform } from '#operator/promote/move-aliases.ts';
import type { PromotePorts } from '#operator/promote/promote-stage.ts';
import type { StackPlan } from '#operator/terraform/terraform.ts';
import type { RegionType } from '#stacks/context.ts';
import { functionName } from '#stacks/naming.ts';
import { recorded } from '#tests/tools/operator/journal/recorded.ts';
import { context, fakedLive } from '#tests/tools/operator/live/faked-live.ts';
import { type FakedStack, FakedTerraform } from '#tests/tools/operator/terraform/faked-terraform.ts';
import { stacksOfAStage } from '#tests/tools/operator/terraform/stacks-of-a-stage.ts';

/** Function → hash of its code, of a region; those that aren't named have the code `old`. */
export type Code = Readonly<Record<string, string>>;

const REGIONS: readonly RegionType[] = ['primary', 'secondary'];

/** The alias, and the release record that says what it runs. */
const MOVED: FakedStack['changes'] = [
  ['aws_lambda_alias', 'update'],
  ['aws_ssm_parameter', 'update'],
];

/**
 * A stage on which envA is live, with Lambda functions whose versions can be published and aliases that Terraform moves. Of each function one
 * version is published in the primary region, four in the secondary.
 */
export class FakedPromotion {
  readonly terraform: FakedTerraform;
  readonly published: string[] = [];
  readonly #latest: Record<RegionType, Map<string, string>>;
  readonly #versions: Record<RegionType, Map<string, string[]>> = { primary: new Map(), secondary: new Map() };
  readonly #aliases: Record<RegionType, Map<string, LiveFunction>> = { primary: new Map(), secondary: new Map() };

  constructor(latest: Readonly<Record<RegionType, Code>>, stacks: Readonly<Record<string, FakedStack>> = {}) {
    this.#latest = {
      primary: new Map(Object.entries(latest.primary)),
      secondary: new Map(Object.entries(latest.secondary)),
    };
    const apply = (plan: StackPlan, variables: Readonly<Record<string, string>>) => this.#apply(plan, variables);
    this.terraform = new (class extends FakedTerraform {
      override async apply(plan: StackPlan): Promise<void> {
        await super.apply(plan);
        apply(plan, this.applied.findLast(({ stack }) => stack === plan.stack.name)?.variables ?? {});
      }
    })({
      'envB-primary': { changes: MOVED },
      'envB-secondary': { changes: MOVED },
      ...stacks,
    });
  }

  /** The code becomes another one. */
  edit(regionType: RegionType, name: string, code: string): void {
    this.#latest[regionType].set(name, code);
  }

  ports(): PromotePorts {
    const live = fakedLive({ primary: { target: 'envA' }, secondary: { target: 'envA' } });
    const regions = REGIONS.map((type) => {
      const sources = live.regions[type];
      const stage = { deploymentId: 'd', created: new Date(0), contentHash: 'same' };
      const stages = async () => new Map(['envA', 'envB', 'preview'].map((name) => [name, stage]));
      return [
        type,
        {
          ...sources,
          port: { ...sources.port, stages, aliases: async (name: string) => this.#aliasesOf(type, name) },
        },
      ];
    });
    return {
      journal: recorded(),
      live: { ...live, regions: { ...live.regions, ...Object.fromEntries(regions) } },
      apply: movedByTerraform(context, { terraform: this.terraform, synthesize: async () => stacksOfAStage() }),
      publish: {
        primary: async (name, codeSha256) => this.#publish('primary', name, codeSha256),
        secondary: async (name, codeSha256) => this.#publish('secondary', name, codeSha256),
      },
    };
  }

  /** `user 2 pinned` */
  runs(regionType: RegionType, name: string): string {
    const { version, isPinned } = this.#aliasesOf(regionType, functionName(context, name)).get('envB') ?? {};
    return [name, version, ...(isPinned ? ['pinned'] : [])].join(' ');
  }

  #latestOf(regionType: RegionType, name: string): string {
    return this.#latest[regionType].get(name.replace('two-region-api-dev-', '')) ?? 'old';
  }

  #versionsOf(regionType: RegionType, name: string): string[] {
    const versions =
      this.#versions[regionType].get(name) ?? (regionType === 'primary' ? ['old'] : ['a', 'b', 'c', 'old']);
    this.#versions[regionType].set(name, versions);
    return versions;
  }

  #publish(regionType: RegionType, name: string, codeSha256: string) {
    const latest = this.#latestOf(regionType, name);
    if (latest !== codeSha256) {
      const message = `CodeSHA256 (${codeSha256}) is different from current CodeSHA256 in $LATEST (${latest}).`;
      throw Object.assign(new Error(message), { name: 'InvalidParameterValueException' });
    }
    const versions = this.#versionsOf(regionType, name);
    if (versions.at(-1) !== latest) {
      versions.push(latest);
      this.published.push(`${regionType} ${name} ${versions.length}`);
    }
    return { version: String(versions.length), codeSha256: latest };
  }

  #aliasesOf(regionType: RegionType, name: string): ReadonlyMap<string, LiveFunction> {
    const modified = new Date(0);
    const number = regionType === 'primary' ? 1 : 4;
    const old: LiveFunction = { version: String(number), codeSha256: 'old', modified, isPinned: false };
    const codeSha256 = this.#latestOf(regionType, name);
    return new Map([
      ['envA', old],
      ['envB', this.#aliases[regionType].get(name) ?? old],
      ['preview', { version: '$LATEST', codeSha256, modified }],
    ]);
  }

  #apply({ stack: { regionType } }: StackPlan, variables: Readonly<Record<string, string>>): void {
    if (regionType === undefined) return;
    const pinned: Record<string, string> = JSON.parse(variables.pinned_versions ?? '{}');
    const versions: Record<string, string> = { ...JSON.parse(variables.function_versions ?? '{}'), ...pinned };
    for (const [name, version] of Object.entries(versions)) {
      const physical = functionName(context, name);
      const codeSha256 = this.#versionsOf(regionType, physical)[Number(version) - 1] ?? '';
      this.#aliases[regionType].set(physical, { version, codeSha256, modified: new Date(0), isPinned: name in pinned });
    }
  }
}
