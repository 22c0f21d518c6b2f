import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import type { LocalDeployReport } from '#operator/deploy/deploy-locally.ts';
import { describeLocalDeploy } from '#operator/deploy/describe-local-deploy.ts';

const version = { function: 'app-user', region: 'eu-central-1', before: '1', version: '1', codeSha256: 'hash' };
const text = (report: Partial<LocalDeployReport>) =>
  describeLocalDeploy(
    { stage: 'dev', target: 'envA', environment: 'envB', versions: [version], changes: [], ...report },
    pc.createColors(false),
  );

describe('what a local deploy says at its end (B13)', () => {
  it('is which versions are new, where traffic goes, and what comes next', () => {
    const versions = [
      { ...version, version: '2' },
      { ...version, function: 'app-events', before: undefined },
      { ...version, function: 'app-test' },
    ];
    const said = text({
      versions,
      changes: [
        { kind: 'table', name: 'app-c', action: 'add', detail: '', live: false, regions: ['primary', 'secondary'] },
        { kind: 'CORS', name: 'app', action: 'change', detail: '', live: true, regions: ['secondary'] },
      ],
    });
    expect(said).toMatch(/ {2}\+ +table +app-c/);
    expect(said).toMatch(/ {2}~ +CORS +app \(secondary only\) +LIVE/);
    expect(said).toContain('envB has the release in both regions. Traffic goes to envA, as before.');
    expect(said).toMatch(/ {2}app-user +eu-central-1 +1 → 2\n {2}app-events +eu-central-1 +new: 1\n/);
    expect(said).not.toContain('app-test');
    expect(said).toMatch(/Next: two-region switch dev envB --local$/);
  });

  it('is that no function has changed, and nothing to switch to where it was released to the live environment', () => {
    const said = text({ environment: 'envA' });
    expect(said).toContain('No function has changed.');
    expect(said).not.toContain('Next:');
  });
});
