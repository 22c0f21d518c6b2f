/** What the runtime is started from: a synthesis, and what an apply of it on this machine needs besides. */
export interface Synthesis {
  readonly stage: string;
  /** AWS regions. */
  readonly regions: { readonly primary: string; readonly secondary: string };
  /** Absolute path of the folder that holds `manifest.json`. */
  readonly outdir: string;
  /** In the order of deployment: name, and the absolute path of its Terraform JSON. */
  readonly stacks: readonly { readonly name: string; readonly file: string }[];
  /** Values of Terraform variables without a default. The public name leads to the first environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** SSM parameter → value, as both regions hold it on this machine: `/app/stage/name`. */
  readonly parameters: Readonly<Record<string, string>>;
}
