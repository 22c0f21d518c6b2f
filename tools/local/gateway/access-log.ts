import { escapeControl, escapeJson } from './context-variables.ts';

/** `$context` variables by name without `$context.`; `undefined` when a request has no value. */
export type ContextVariables<T> = Pick<ReadonlyMap<string, (subject: T) => number | string | undefined>, 'get'>;

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
    // The one variable that is a JSON string, quotes and all.
    const write = name === 'error.messageString' ? (text: string) => text : escapeValue;
    return (subject) => {
      const value = variable(subject);
      if (value === undefined || value === '') return '-';
      return typeof value === 'number' ? String(value) : write(value);
    };
  });
}

/** Gives a variable's text for one `subject`. */
export type Variable<T> = (subject: T) => string;

/**
 * Splits a text at its variables once, so that rendering is only joining.
 *
 * @param pattern - global; its first group, or else the whole match, is the variable's name
 * @param resolve - the variable of that name
 */
export function compileVariableText<T>(
  source: string,
  pattern: RegExp,
  resolve: (name: string) => Variable<T>,
): Variable<T> {
  // Literals at even places, variables' texts at odd ones.
  const parts: string[] = [];
  const variables: Variable<T>[] = [];
  let from = 0;
  for (const match of source.matchAll(pattern)) {
    parts.push(source.slice(from, match.index), '');
    variables.push(resolve(match[1] ?? match[0]));
    from = match.index + match[0].length;
  }
  parts.push(source.slice(from));
  return (subject) => {
    let at = 1;
    for (const variable of variables) {
      parts[at] = variable(subject);
      at += 2;
    }
    // Joined, the text is one piece of memory; added up, it would be a tree of pieces, and texts are kept by the thousands.
    return parts.join('');
  };
}
