import type { AdmittedKey } from '#operator/keys/admitted-keys.ts';
import type { KeyPorts } from '#operator/keys/change-keys.ts';
import { fingerprint } from '#operator/keys/key-parameter.ts';
import type { StackResult } from '#operator/terraform/apply-steps.ts';
import type { RegionType } from '#stacks/context.ts';
import { memoryStore } from '#tests/tools/operator/parameters/stores.ts';

const BOTH: readonly RegionType[] = ['primary', 'secondary'];

/** Keys that are made, in order. */
export const MADE = ['first', 'second', 'third'].map((word) => `${word}-key-made-for-a-test`);
export const [FIRST = ''] = MADE.map(fingerprint);

/** A stage's key in both regions: parameters in memory, and usage plans that admit what was applied. */
export class FakedKeys {
  readonly stores = { primary: memoryStore('eu-central-1'), secondary: memoryStore('eu-west-1') };
  /** Values that each region admits, with whether they are enabled; `undefined` where nothing is deployed. */
  readonly admitted: Record<RegionType, Map<string, boolean> | undefined> = {
    primary: undefined,
    secondary: undefined,
  };
  readonly asked: string[] = [];
  /** Regions of each apply. */
  readonly applied: string[] = [];
  /** Regions in which an apply does nothing. */
  readonly stuck = new Set<RegionType>();
  #made = 0;
  #refusal: string | undefined;

  /** The parameter is set in both regions and deployed. */
  static deployed(value: string): FakedKeys {
    const faked = new FakedKeys();
    for (const type of BOTH) {
      faked.stores[type].values.set('api_key', value);
      faked.#admit(type);
    }
    return faked;
  }

  ports(confirm: KeyPorts['confirm'] = async (what) => void this.asked.push(what)): KeyPorts {
    const admitted = (type: RegionType) => async (): Promise<readonly AdmittedKey[] | undefined> => {
      const values = this.admitted[type];
      return values && [...values].map(([value, enabled]) => ({ name: '', fingerprint: fingerprint(value), enabled }));
    };
    return {
      stores: this.stores,
      admitted: { primary: admitted('primary'), secondary: admitted('secondary') },
      stacks: {
        requireSettled: async () => {
          if (this.#refusal !== undefined) throw new Error(this.#refusal);
        },
        apply: async (_place, regions) => {
          this.applied.push(regions.join(' '));
          for (const type of regions) if (!this.stuck.has(type)) this.#admit(type);
          return regions.map((type): StackResult => ({ stack: `entry-${type}`, outcome: 'applied', seconds: 1 }));
        },
      },
      confirm,
      generate: () => MADE[this.#made++] ?? '',
    };
  }

  /** Terraform would not do it. */
  refuse(why: string): void {
    this.#refusal = why;
  }

  undeploy(type: RegionType): void {
    this.admitted[type] = undefined;
  }

  #admit(type: RegionType): void {
    const values = this.stores[type].values.get('api_key')?.split(',') ?? [];
    this.admitted[type] = new Map(values.map((value) => [value, true]));
  }
}
