import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileAccessLog } from '#local/gateway/access-log.ts';
import { anyCharacter } from '#tests/support/hostile/any-character.ts';

interface Subject {
  readonly path: string;
  readonly status: number;
}
const variables = new Map<string, (subject: Subject) => number | string | undefined>([
  ['path', ({ path }) => path],
  ['status', ({ status }) => status],
  ['error.message', () => undefined],
]);

describe('access log format', () => {
  it('fills in variables, and - for those without a value or unknown', () => {
    const render = compileAccessLog(
      '$context.status "$context.path" $context.error.message $context.constructor.',
      variables,
    );
    expect(render({ path: '/x', status: 200 })).toBe('200 "/x" - -.');
  });

  it('stays one line of JSON for any value', () => {
    const render = compileAccessLog('{"path":"$context.path","status":$context.status}', variables);
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, minLength: 1 }), (path) => {
        const line = render({ path, status: 404 });
        expect(line).not.toMatch(/[\r\n]/);
        expect(JSON.parse(line)).toEqual({ path, status: 404 });
      }),
    );
  });

  it('escapes line ends where the format is not JSON', () => {
    expect(compileAccessLog('$context.path', variables)({ path: 'a\r\nb', status: 1 })).toBe('a\\x0d\\x0ab');
  });
});
