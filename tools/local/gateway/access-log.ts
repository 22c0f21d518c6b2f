import { escapeControl, escapeJson } from './escape-text.ts';
import { compileVariableText, type Variable } from './variable-text.ts';

/** `$context` variables by name without `$context.`; `undefined` when a request has no value. */
export type ContextVariables<T> = ReadonlyMap<string, (subject: T) => number | string | undefined>;

const CONTEXT_VARIABLE = /\$context\.([A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)/g;

/**
 * Compiles a stage's access log format, once per stage. A variable without a value is logged as `-`. In a JSON format values are escaped
 * for JSON, elsewhere control characters are escaped, so that one request is always one line.
 *
 * Source: Amazon API Gateway Developer Guide, "Variables for access logging for API Gateway".
 */
export function compileAccessLog<T>(format: string, variables: ContextVariables<T>): Variable<T> {
  const line = format.trim().replace(/\s*\r?\n\s*/g, '');
  const escapeValue = line.startsWith('{') ? escapeJson : escapeControl;
  return compileVariableText<T>(line, CONTEXT_VARIABLE, (name) => {
    const variable = variables.get(name);
    if (!variable) return () => '-';
    return (subject) => {
      const value = variable(subject);
      if (value === undefined || value === '') return '-';
      return typeof value === 'number' ? String(value) : escapeValue(value);
    };
  });
}
