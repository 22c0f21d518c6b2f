import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { describePermissions } from '#operator/local/list-permissions.ts';

const plain = pc.createColors(false);

describe('the list of unused permissions (B11)', () => {
  it('has a line for each action of a role on a resource', () => {
    const unused = [
      {
        role: 'app-dev-test-primary',
        action: 's3:PutObject',
        resources: ['arn:aws:s3:::data/*'],
        usedElsewhere: false,
      },
      { role: 'app-dev-user', action: 'dynamodb:GetItem', resources: ['table/a', 'table/b'], usedElsewhere: true },
    ];
    expect(describePermissions({ unused }, plain).split('\n')).toEqual([
      'ROLE                  ACTION            RESOURCE',
      'app-dev-test-primary  s3:PutObject      arn:aws:s3:::data/*',
      'app-dev-user          dynamodb:GetItem  table/a              used on another resource',
      'app-dev-user          dynamodb:GetItem  table/b              used on another resource',
    ]);
  });

  it('says so when there are none', () => {
    expect(describePermissions({ unused: [] }, plain)).toBe('Calls have used everything that the policies allow.');
  });
});
