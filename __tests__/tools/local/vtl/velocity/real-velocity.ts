import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** Where Debian's packages `velocity`, `libcommons-collections3-java` and `libcommons-lang-java` have their classes. */
const JARS = ['velocity.jar', 'commons-collections3.jar', 'commons-lang.jar'].map((name) =>
  path.join('/usr/share/java', name),
);

/** What Velocity made of a template; `undefined`: it refused it. */
export type Rendered = string | undefined;

/** Why there is no real Velocity to compare with; `undefined`: there is one. */
export function whyNoVelocity(): string | undefined {
  const missing = JARS.filter((jar) => !existsSync(jar));
  if (missing.length > 0) return `not installed: ${missing.join(', ')} (Debian: apt-get install velocity)`;
  try {
    execFileSync('java', ['-version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'there is no java';
  }
}

/** Renders templates with Apache Velocity 1.7, all in one virtual machine. */
export function renderWithVelocity(templates: readonly string[]): Rendered[] {
  const server = path.join(import.meta.dirname, 'VelocityServer.java');
  const { stdout, stderr, status } = spawnSync('java', ['-Xss4m', '-cp', JARS.join(':'), server], {
    input: Buffer.concat(templates.flatMap(frame)),
    maxBuffer: 2 ** 30,
  });
  if (status !== 0) throw new Error(`java ended with ${status}: ${stderr}`);
  return readFrames(stdout);
}

function frame(template: string): Buffer[] {
  const bytes = Buffer.from(template, 'utf8');
  const length = Buffer.alloc(4);
  length.writeInt32BE(bytes.length);
  return [length, bytes];
}

function readFrames(bytes: Buffer): Rendered[] {
  const rendered: Rendered[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at + 5 + bytes.readInt32BE(at + 1);
    rendered.push(bytes[at] === 0 ? bytes.toString('utf8', at + 5, end) : undefined);
    at = end;
  }
  return rendered;
}
