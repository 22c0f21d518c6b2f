import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A synthesized stage on disk. */
export class Synthesis {
  /** `<outdir>/stacks` */
  readonly stacksFolder: string;

  constructor(outdir: string) {
    this.stacksFolder = join(outdir, 'stacks');
  }

  folder(stack: string): string {
    return join(this.stacksFolder, stack);
  }

  /** Changes the code of a function, as an edited source would. */
  changeCode(stack: string, functionName: string): void {
    const archives = Object.values(this.#read(stack).data?.archive_file ?? {});
    const archive = archives.find(({ output_path }) => output_path.endsWith(`/${functionName}.zip`));
    if (archive === undefined) throw new Error(`${stack} packs no function ${functionName}.`);
    const file = join(this.folder(stack), archive.source_file);
    writeFileSync(file, `${readFileSync(file, 'utf8')}\n// changed\n`);
  }

  /** Changes the hash that an environment's deployment of the REST API carries, as another route would. */
  changeRestApi(stack: string): void {
    const document = this.#read(stack);
    const deployments = Object.values(document.resource?.aws_api_gateway_deployment ?? {});
    for (const deployment of deployments) deployment.triggers = { content: 'changed' };
    writeFileSync(join(this.folder(stack), 'cdk.tf.json'), JSON.stringify(document, null, 2));
  }

  /** Gives a table another name, which replaces it. @param name - its physical name, or the end of it */
  renameTable(stack: string, name: string): void {
    const document = this.#read(stack);
    const tables = Object.values(document.resource?.aws_dynamodb_table ?? {});
    const table = tables.find((each) => each.name.endsWith(name));
    if (table === undefined) throw new Error(`${stack} has no table ${name}.`);
    table.name = `${table.name}-renamed`;
    writeFileSync(join(this.folder(stack), 'cdk.tf.json'), JSON.stringify(document, null, 2));
  }

  #read(stack: string): StackDocument {
    return JSON.parse(readFileSync(join(this.folder(stack), 'cdk.tf.json'), 'utf8'));
  }
}

interface StackDocument {
  readonly variable?: Readonly<Record<string, unknown>>;
  readonly data?: {
    readonly archive_file?: Readonly<Record<string, { readonly source_file: string; readonly output_path: string }>>;
  };
  readonly resource?: {
    readonly aws_api_gateway_deployment?: Readonly<Record<string, { triggers: unknown }>>;
    readonly aws_dynamodb_table?: Readonly<Record<string, { name: string }>>;
  };
}
