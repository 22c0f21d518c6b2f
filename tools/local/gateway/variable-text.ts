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
  const literals: string[] = [];
  const variables: Variable<T>[] = [];
  let from = 0;
  for (const match of source.matchAll(pattern)) {
    literals.push(source.slice(from, match.index));
    variables.push(resolve(match[1] ?? match[0]));
    from = match.index + match[0].length;
  }
  const tail = source.slice(from);
  return (subject) => {
    let text = '';
    for (let at = 0; at < variables.length; at++) text += `${literals[at]}${variables[at]?.(subject)}`;
    return text + tail;
  };
}
