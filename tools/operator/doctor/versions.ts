/** Whether a version is at least another: `20.19.0` is at least `20.19`. What follows a hyphen doesn't count. */
export function isAtLeast(version: string, minimum: string): boolean {
  const [have, need] = [numbers(version), numbers(minimum)];
  for (const [at, wanted] of need.entries()) {
    const found = have[at] ?? 0;
    if (found !== wanted) return found > wanted;
  }
  return true;
}

function numbers(version: string): number[] {
  return version.replace(/^v/, '').replace(/-.*/, '').split('.').map(Number);
}
