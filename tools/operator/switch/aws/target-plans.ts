import { regionsLeft } from '#operator/regions/left-region.ts';
import type { Obstacle, TargetMoves, TargetPart } from '#operator/switch/switch-ports.ts';
import { otherChanges } from '#operator/terraform/plan/narrow-change.ts';
import type { PlannedChange } from '#operator/terraform/plan/planned-change.ts';
import { stackVariables } from '#operator/terraform/stack-variables.ts';
import type { SynthesizedStack } from '#operator/terraform/synthesized-stack.ts';
import type { StackPlan, Terraform } from '#operator/terraform/terraform.ts';
import { TerraformError, withRemedy } from '#operator/terraform/terraform-error.ts';
import type { RegionType } from '#stacks/context.ts';

/** What a switch changes: type of the resource → attribute. */
const SWITCHED: Readonly<Record<string, string>> = {
  aws_api_gateway_base_path_mapping: 'stage_name',
  aws_apigatewayv2_api_mapping: 'stage',
};

/** Moves the parts of a stage that know the target by Terraform, so that the state never differs from what is live. */
export class TargetPlans implements TargetMoves {
  readonly #terraform: Terraform;
  readonly #stage: string;
  readonly #synthesize: () => Promise<readonly SynthesizedStack[]>;
  readonly #parts: readonly TargetPart[];
  #stacks: Promise<readonly SynthesizedStack[]> | undefined;
  /** Plans that were checked and are not applied yet, by part and environment. */
  readonly #checked = new Map<string, StackPlan>();

  constructor(options: {
    readonly terraform: Terraform;
    readonly stage: string;
    readonly synthesize: () => Promise<readonly SynthesizedStack[]>;
    /** The region that is lost: its part is not planned. @default - none */
    readonly without?: RegionType | undefined;
  }) {
    this.#terraform = options.terraform;
    this.#stage = options.stage;
    this.#synthesize = options.synthesize;
    this.#parts = regionsLeft(options.without).map((regionType): TargetPart => `entry-${regionType}`);
  }

  /** Plans all parts and keeps the plans for {@link move}: what is looked at is what is applied. */
  async obstacles(environment: string): Promise<readonly Obstacle[]> {
    const found = await Promise.all(
      this.#parts.map(async (part) => {
        try {
          this.#checked.set(`${part} ${environment}`, await this.#plan(part, environment));
          return [];
        } catch (error) {
          if (!(error instanceof TerraformError)) throw error;
          return [{ regionType: undefined, message: withRemedy(error.message, this.#stage) }];
        }
      }),
    );
    return found.flat();
  }

  /** Applies what leads a part to an environment, and nothing else. @throws TerraformError */
  async move(part: TargetPart, environment: string): Promise<void> {
    const key = `${part} ${environment}`;
    const plan = this.#checked.get(key) ?? (await this.#plan(part, environment));
    // Once only: an apply makes every plan of a stack stale.
    for (const known of [...this.#checked.keys()].filter((each) => each.startsWith(`${part} `))) {
      this.#checked.delete(known);
    }
    if (!plan.isEmpty) await this.#terraform.apply(plan);
  }

  /** @throws TerraformError, also for a plan that would do more than a switch */
  async #plan(part: TargetPart, environment: string): Promise<StackPlan> {
    this.#stacks ??= this.#synthesize();
    const stack = (await this.#stacks).find(({ name }) => name === part);
    if (stack === undefined) throw new TerraformError(`There is no stack ${part} in the synthesis.`);
    const plan = await this.#terraform.plan(stack, stackVariables(stack, environment));
    const others = otherChanges(plan, this.#stage, isSwitched);
    if (others !== undefined) throw new TerraformError(others);
    return plan;
  }
}

function isSwitched({ type, action, attributes }: PlannedChange): boolean {
  const attribute = SWITCHED[type];
  return action === 'change' && attribute !== undefined && attributes.every((each) => each === attribute);
}
