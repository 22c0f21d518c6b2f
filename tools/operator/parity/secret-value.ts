import { fingerprint } from '../keys/key-value.ts';
import type { Fact } from './fact.ts';

/** Names of variables whose values are not shown. */
const SECRET = /KEY|SECRET|TOKEN|PASSWORD|CREDENTIAL/i;

/** What is shown of a secret: enough to tell two apart. */
export function secretValue(value: string): string {
  return `sha256 ${fingerprint(value)}`;
}

/** Environment variables of a function, secrets by fingerprint. @param subject - `user in envA` */
export function variableFacts(subject: string, variables: Readonly<Record<string, string>>): readonly Fact[] {
  return Object.entries(variables).map(([variable, value]) => ({
    kind: 'environment variable',
    name: `${variable} of ${subject}`,
    value: SECRET.test(variable) ? secretValue(value) : value,
  }));
}
