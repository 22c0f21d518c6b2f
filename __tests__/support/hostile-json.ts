import fc from 'fast-check';
import { anyCharacter } from '#tests/support/hostile/any-character.ts';

/** Strings that trouble parsers, templates and stores. */
export const hostileStrings = [
  '',
  '\u0000',
  '\ud800',
  'a\udfffb',
  '__proto__',
  'constructor',
  "'; DROP TABLE users --",
  '$input.path("$")',
  '#set($x=1)',
  '$' + '{jndi:ldap://x}',
  '\\"\n\r\t\u2028',
  '😀'.repeat(600),
  'x'.repeat(100_000),
];

/** Anything that JSON can say, biased to what is hostile. */
export const hostileJson = fc.oneof(
  fc.constantFrom(...hostileStrings),
  fc.jsonValue({ maxDepth: 6 }),
  fc.constantFrom(null, -0, 1e308, Number.MAX_SAFE_INTEGER, true, [], {}),
  fc.constant(JSON.parse('['.repeat(500) + ']'.repeat(500))),
  fc.constant(JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{}}}')),
);

/** A JSON text whose objects may hold keys twice. */
export const hostileJsonText = fc.oneof(
  hostileJson.map((value) => JSON.stringify(value)),
  fc.string({ unit: anyCharacter }),
  fc.constantFrom('', '{', '{"a":1,"a":2}', 'NaN', '\ufeff{}', '{"date":"\\ud800"}', '[[[['.repeat(5000)),
);
