import { getOwn } from '../http/string-map.ts';

/** Fills in `${stageVariables.name}`; a variable that the stage lacks becomes nothing. */
export function substituteStageVariables(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{stageVariables\.([A-Za-z0-9_]+)\}/g, (_, name: string) => getOwn(variables, name) ?? '');
}
