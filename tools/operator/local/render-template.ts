import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { requestTemplate } from '#constructs/rest-api/mapping-templates.ts';
import { operations } from '#contract/index.ts';
import type { Operation } from '#contract/operation.ts';
import { errorReason } from '#functions/error-reason.ts';
import { compileMappingTemplate } from '#local/vtl/compile-template.ts';
import type { TemplateContext, TemplateOutput } from '#local/vtl/template-context.ts';
import { ExitCode } from '#operator/cli/exit-codes.ts';
import { type CommandFlags, runCommand } from '#operator/cli/run-command.ts';

export interface RenderFlags extends CommandFlags {
  readonly template?: string;
  readonly body?: string;
  readonly context?: string;
}

/** A template or a request that can't be read, or a template that API Gateway would refuse or fail at. */
class RenderError extends Error {
  override readonly name = 'RenderError';
  readonly exitCode = ExitCode.Usage;
}

const textsSchema = z.record(z.string(), z.string());

/** `--context`: what a template sees of a request besides its body. */
const contextSchema = z.strictObject({
  params: z.strictObject({ path: textsSchema, querystring: textsSchema, header: textsSchema }).partial().optional(),
  context: z.record(z.string(), z.unknown()).optional(),
  stageVariables: textsSchema.optional(),
});

/** Prints what a mapping template makes of a request. @throws RenderError */
export function renderTemplate(id: string | undefined, flags: RenderFlags): Promise<void> {
  return runCommand(flags, () => render(id, flags), {
    text: ({ text: rendered }) => (rendered === '' ? undefined : rendered.replace(/\n$/, '')),
    remark: describeOverrides,
  });
}

async function render(id: string | undefined, flags: RenderFlags): Promise<TemplateOutput> {
  if ((id === undefined) === (flags.template === undefined)) {
    const what = id === undefined ? 'nothing to render' : 'an operation and --template';
    throw new RenderError(`Got ${what}: name an operation (${ids().join(', ')}) or --template FILE.`);
  }
  if (flags.template === '-' && flags.body === '-')
    throw new RenderError('--template and --body are both -: only one can come from standard input.');
  const operation = id === undefined ? undefined : findOperation(id);
  const source = operation ? requestTemplate(operation) : await read('--template', flags.template ?? '');
  const given = flags.context === undefined ? {} : await readContext(flags.context);
  const body = flags.body === undefined ? exampleBody(operation) : await read('--body', flags.body);
  try {
    return compileMappingTemplate(source)(requestOf(operation, body, given));
  } catch (cause) {
    throw new RenderError(errorReason(cause), { cause });
  }
}

function ids(): string[] {
  return operations.filter(({ integration }) => integration === 'template').map(({ id }) => id);
}

/** @throws RenderError that lists those that there are */
function findOperation(id: string): Operation {
  const operation = operations.find((candidate) => candidate.id === id);
  if (operation?.integration === 'template') return operation;
  const why = operation ? `${id} has no mapping template` : `There is no operation ${id}`;
  throw new RenderError(`${why}; those with one are ${ids().join(', ')}.`);
}

function exampleBody(operation: Operation | undefined): string {
  const body = operation?.examples?.[0]?.body;
  return body === undefined ? '' : JSON.stringify(body);
}

/** What the operation's first example sends, where `--context` doesn't say otherwise. */
function requestOf(
  operation: Operation | undefined,
  body: string,
  given: z.infer<typeof contextSchema>,
): TemplateContext {
  const example = operation?.examples?.[0];
  return {
    body,
    params: {
      path: { ...texts(example?.pathParameters), ...given.params?.path },
      querystring: { ...texts(example?.query), ...given.params?.querystring },
      header: { ...given.params?.header },
    },
    context: {
      ...(operation && {
        httpMethod: operation.method,
        resourcePath: operation.path,
        stage: 'envA',
        requestId: 'request-1',
      }),
      ...given.context,
    },
    stageVariables: { ...(operation && { stage: 'envA' }), ...given.stageVariables },
  };
}

function texts(values: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

async function readContext(file: string): Promise<z.infer<typeof contextSchema>> {
  const content = await read('--context', file);
  try {
    return contextSchema.parse(JSON.parse(content));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : `is not valid JSON: ${errorReason(cause)}`;
    throw new RenderError(`--context ${file}: ${why}`, { cause });
  }
}

async function read(flag: string, file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new RenderError(`${flag} ${file}: the file cannot be read: ${errorReason(cause)}`, { cause });
  });
}

function describeOverrides({ requestOverride, responseOverride }: TemplateOutput): string | undefined {
  const lines = Object.entries({ requestOverride, responseOverride }).flatMap(([name, value]) =>
    value === undefined ? [] : [`$context.${name}: ${JSON.stringify(value)}`],
  );
  return lines.length === 0 ? undefined : lines.join('\n');
}
