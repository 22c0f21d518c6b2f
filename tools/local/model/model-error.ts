/** Everything in the resources that no model can be made of. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly failures: readonly string[];

  constructor(failures: readonly string[]) {
    const list = failures.map((failure) => `  ${failure}`).join('\n');
    super(`The local runtime cannot serve the synthesized Terraform:\n${list}`);
    this.failures = failures;
  }
}
