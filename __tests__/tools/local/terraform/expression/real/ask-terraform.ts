import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

/** What Terraform makes of an expression: the JSON of its value and its type, or that it refuses it and why. */
export type Verdict =
  | { readonly json: string; readonly type: string; readonly refused?: undefined }
  | { readonly refused: string };

const message = z.object({
  '@level': z.string(),
  diagnostic: z
    .object({
      severity: z.string(),
      summary: z.string(),
      detail: z.string().default(''),
      range: z.object({ start: z.object({ line: z.number() }) }).optional(),
    })
    .optional(),
});

const outputs = z.record(
  z.string(),
  z.object({
    type: z.tuple([z.literal('tuple'), z.tuple([z.literal('string'), z.unknown()])]),
    value: z.array(z.unknown()),
  }),
);

/** Line of the first template in the file that {@link askTerraform} writes. */
const FIRST_LINE = 4;
/** Each round tells the mistakes of one kind: those of the syntax hide those of the values. */
const MOST_ROUNDS = 12;

/** Whether a real Terraform is installed to compare with. */
export function hasTerraform(): boolean {
  return spawnSync('terraform', ['version'], { env: environment() }).status === 0;
}

const REFUSED = 'refused by try';

/** A template to ask about. */
export interface Question {
  readonly template: string;
  /** The expression where the template is one interpolation: what it refuses is told in the first round by a `try` around it. */
  readonly expression?: string;
}

function tolerant({ template, expression }: Question): string {
  return expression === undefined ? template : `\${try(${expression}, ${JSON.stringify(REFUSED)})}`;
}

/**
 * Asks the real Terraform, by an apply of one output per expression, without any provider.
 *
 * @param templates - strings of the Terraform JSON syntax: `${1 + 2}`
 * @param locals - content of `locals` in JSON
 */
export function askTerraform(
  templates: readonly Question[],
  locals: unknown,
  files: Record<string, string> = {},
): Verdict[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'ask-terraform-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content);
    const refused = new Map<number, string>();
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      writeFileSync(path.join(folder, 'main.tf.json'), configuration(templates, locals, refused));
      const found = apply(folder, templates);
      if (found.size === 0) return readVerdicts(folder, templates.length, refused);
      for (const [position, reason] of found) refused.set(position, reason);
    }
    throw new Error(`Terraform finds mistakes in ${folder} after ${MOST_ROUNDS} rounds`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function configuration(templates: readonly Question[], locals: unknown, refused: ReadonlyMap<number, string>): string {
  // Lines of its own for each template, so that a mistake's line tells which it is in: Terraform counts the line breaks in a template, too.
  // The JSON is a text, since an output's number would not tell all its digits.
  const padding = '\n'.repeat(linesEach(templates));
  const section = (entry: (position: number, template: Question) => string) => {
    let isFirst = true;
    const lines = templates.map((template, position) => {
      if (refused.has(position)) return '';
      const separator = isFirst ? '' : ',';
      isFirst = false;
      return separator + entry(position, template);
    });
    return lines.join(padding);
  };
  const values = section((position, template) => `"e${position}":${JSON.stringify(tolerant(template))}`);
  const outputs = section(
    (position) => `"e${position}":{"value":["\${jsonencode(local.e${position})}","\${local.e${position}}"]}`,
  );
  return `{\n"locals":[{"d":${JSON.stringify(locals)}},{\n\n${values}\n}],\n"output":{${padding.slice(2)}${outputs}\n}}\n`;
}

function linesEach(templates: readonly Question[]): number {
  return Math.max(0, ...templates.map((template) => template.template.split('\n').length)) + 2;
}

function apply(folder: string, templates: readonly Question[]): ReadonlyMap<number, string> {
  rmSync(path.join(folder, 'terraform.tfstate'), { force: true });
  const { stdout } = spawnSync('terraform', ['apply', '-auto-approve', '-json', '-lock=false', '-input=false'], {
    cwd: folder,
    env: environment(),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const found = new Map<number, string>();
  for (const line of stdout.split('\n').filter((text) => text.startsWith('{'))) {
    const { diagnostic } = message.parse(JSON.parse(line));
    if (diagnostic?.severity !== 'error') continue;
    const at = diagnostic.range?.start.line;
    const reason = `${diagnostic.summary}: ${diagnostic.detail}`;
    if (at === undefined || at < FIRST_LINE) throw new Error(`Terraform refuses the whole file: ${reason}`);
    found.set(Math.floor((at - FIRST_LINE) / linesEach(templates)) % templates.length, reason);
  }
  return found;
}

function readVerdicts(folder: string, count: number, refused: ReadonlyMap<number, string>): Verdict[] {
  const text = execFileSync('terraform', ['output', '-json'], {
    cwd: folder,
    env: environment(),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const values = outputs.parse(JSON.parse(text));
  return Array.from({ length: count }, (_, position): Verdict => {
    const reason = refused.get(position);
    if (reason !== undefined) return { refused: reason };
    const output = values[`e${position}`];
    if (!output) throw new Error(`Terraform gave no output e${position}`);
    if (output.value[1] === REFUSED) return { refused: REFUSED };
    return { json: String(output.value[0]), type: JSON.stringify(output.type[1][1]) };
  });
}

function environment(): NodeJS.ProcessEnv {
  return { ...process.env, CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: '/dev/null', TF_IN_AUTOMATION: '1' };
}
