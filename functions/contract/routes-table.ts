import { operations } from './index.ts';
import type { Operation } from './operation.ts';

const authText: Readonly<Record<Operation['auth'], string>> = {
  apiKey: 'API key (`x-api-key`)',
  authorizer: 'whom its authorizer lets in',
  iam: 'IAM (Signature Version 4)',
  jwt: 'token (`Authorization: Bearer`)',
  open: 'open',
};

const apiText: Readonly<Record<Operation['api'], string>> = { http: 'HTTP API', rest: 'REST API' };

/** The contract's routes as a Markdown table, in the order of the list. */
export function routesTable(): string {
  const rows = operations.map((operation) => [
    `\`${operation.method} ${operation.path}\``,
    operation.summary,
    apiText[operation.api],
    authText[operation.auth],
    Object.keys(operation.responses).join(', '),
    `\`${operation.id}\``,
  ]);
  const header = ['Route', 'What it does', 'API', 'Who may call', 'Answers', 'Operation'];
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
