/**
 * The API keys that a parameter holds: the current one, and during a rotation the one before it, separated by a comma.
 *
 * @returns the current one first
 */
export function keyValues(parameter: string): readonly [current: string, previous?: string] {
  const [current = '', previous] = parameter.split(',');
  return previous === undefined ? [current] : [current, previous];
}
