import { fieldsOf } from '#contract/json-schema.ts';
import type { Operation } from '#contract/operation.ts';

/**
 * `escapeJavaScript` escapes single quotes too, which JSON does not allow, so that escape is taken back.
 *
 * Source: Amazon API Gateway Developer Guide, "Mapping template and access logging variable reference", `$util.escapeJavaScript()`.
 */
function jsonString(expression: string): string {
  return `"$util.escapeJavaScript(${expression}).replaceAll("\\\\'","'")"`;
}

/**
 * What the function receives: `_method`, `stage` (the environment), `requestId`, each path and query parameter as a string, each field of
 * the body as the JSON that was sent.
 */
export function requestTemplate({ request }: Operation): string {
  const parameters = [...fieldsOf(request.pathParameters), ...fieldsOf(request.query)];
  const members = [
    '"_method":"$context.httpMethod"',
    '"stage":"$stageVariables.stage"',
    '"requestId":"$context.requestId"',
    ...parameters.map(({ name }) => `"${name}":${jsonString(`$input.params('${name}')`)}`),
    ...fieldsOf(request.body).map(({ name }) => `"${name}":$input.json('$.${name}')`),
  ];
  return `{${members.join(',')}}`;
}

/** A status of an operation, and how the gateway knows and writes it. */
export interface StatusMapping {
  readonly status: string;
  /** A Java regular expression that must match the function's whole error message. @default - the function did not fail */
  readonly selectionPattern?: string;
  readonly template: string;
}

const INTERNAL_ERROR = '{"error":"Internal server error","requestId":"$context.requestId"}';

/**
 * No pattern sees a failure without a message, so that Lambda's description of it would go out as a 200. The text looked for is in no
 * answer's string, whose quotes are escaped.
 *
 * Source: Amazon API Gateway Developer Guide, "Override your API's request and response parameters and status codes".
 */
const SUCCESS = [
  "#set($answer = $input.json('$'))",
  `#if($answer.contains('"errorType":'))#set($context.responseOverride.status = 500)${INTERNAL_ERROR}#else$answer#end`,
].join('');

/**
 * Answers of an operation through mapping templates. A function fails with a message that starts with the status, `404: …`; anything else
 * that it may fail with, its time-out too, is a 500 that says nothing of the cause.
 *
 * Patterns exclude each other, as API Gateway promises no order. `[\s\S]`, because `.` stops at a line break.
 */
export function statusMappings({ responses }: Operation): readonly StatusMapping[] {
  const clientErrors = Object.keys(responses).filter((status) => status.startsWith('4'));
  const prefixes = clientErrors.map((status) => `${status}: `).join('|');
  return [
    { status: '200', template: SUCCESS },
    ...clientErrors.map((status) => ({
      status,
      selectionPattern: `${status}: [\\s\\S]*`,
      template: `#set($message = $input.path('$.errorMessage')){"error":${jsonString('$message.substring(5)')},"requestId":"$context.requestId"}`,
    })),
    {
      status: '500',
      selectionPattern: prefixes === '' ? '[\\s\\S]+' : `(?!${prefixes})[\\s\\S]+`,
      template: INTERNAL_ERROR,
    },
  ];
}
