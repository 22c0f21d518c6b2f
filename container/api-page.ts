import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import * as z from 'zod/mini';

/** What the page shows of an OpenAPI document. */
const schema = z.object({
  info: z.object({ title: z.string(), version: z.string() }),
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        operationId: z.string(),
        summary: z.string(),
        description: z.string(),
        security: z.array(z.record(z.string(), z.unknown())),
        parameters: z.optional(
          z.array(z.object({ name: z.string(), in: z.string(), required: z.boolean(), schema: z.unknown() })),
        ),
        requestBody: z.optional(z.object({ content: z.unknown() })),
        responses: z.record(z.string(), z.object({ description: z.string() })),
      }),
    ),
  ),
});
type Described = z.output<typeof schema>['paths'][string][string];

const STYLE = [
  'body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}',
  'section{border-top:1px solid #ccc;padding:.5rem 0}h2{font-size:1.1rem}pre{background:#f4f4f4;padding:.75rem;overflow:auto}',
  '@media(prefers-color-scheme:dark){body{color:#eee;background:#111}pre{background:#222}a{color:#9cf}}',
].join('');

/** Nothing but the page's own style. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** One page that shows an OpenAPI document to people: no script, nothing of elsewhere. */
export function apiPage(document: unknown): RequestHandler {
  const page = Buffer.from(render(document));
  return (_request, response) => {
    response
      .set({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': POLICY,
        'content-length': String(page.length),
      })
      .end(page);
  };
}

function render(document: unknown): string {
  const { info, paths } = schema.parse(document);
  const title = escapeHtml(info.title);
  const sections = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => section(`${method.toUpperCase()} ${path}`, operation)),
  );
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title>`,
    `<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head><body>`,
    `<h1>${title} ${escapeHtml(info.version)}</h1>`,
    '<p>For programs: <a href="openapi.json">openapi.json</a>, OpenAPI 3.1.</p>',
    ...sections,
    '</body></html>\n',
  ].join('\n');
}

function section(route: string, operation: Described): string {
  const { summary, description, security, parameters = [], requestBody, responses } = operation;
  const key = security.length > 0 ? '<p>Needs a key in the header <code>x-api-key</code>.</p>' : '';
  const items = parameters.map(
    (each) => `<li><code>${escapeHtml(each.name)}</code> in ${each.in}${each.required ? ', needed' : ''}</li>`,
  );
  const body = requestBody ? `<pre>${escapeHtml(JSON.stringify(requestBody.content, undefined, 2))}</pre>` : '';
  const statuses = Object.entries(responses).map(
    ([status, each]) => `<li>${status}: ${escapeHtml(each.description)}</li>`,
  );
  return [
    `<section><h2><code>${escapeHtml(route)}</code> ${escapeHtml(summary)}</h2><p>${escapeHtml(description)}</p>${key}`,
    items.length > 0 ? `<ul>${items.join('')}</ul>` : '',
    body,
    `<ul>${statuses.join('')}</ul></section>`,
  ].join('');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
