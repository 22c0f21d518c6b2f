// @ts-check
// What every command needs before anything else is loaded. Written for a Node.js of many years ago, which must understand it to say so.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** @type {{ engines: { node: string } }} */
const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const least = engines.node.replace('>=', '');

refuse(missing());

/** @returns {string[]} nothing where all is there */
function missing() {
  if (isOlder(process.versions.node, least)) {
    return [
      `This is Node.js ${process.versions.node}; the project needs ${least} or newer.`,
      'Install a newer one, for example with `nvm install` in this folder, and give the command again.',
    ];
  }
  try {
    createRequire(import.meta.url).resolve('commander');
    return [];
  } catch {
    return [
      "The project's packages are not installed.",
      "Run `npm ci` in the project's folder and give the command again.",
    ];
  }
}

/**
 * @param {string} version
 * @param {string} other
 */
function isOlder(version, other) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = other.split('.').map(Number);
  return major < leastMajor || (major === leastMajor && minor < leastMinor);
}

/** @param {string[]} lines */
function refuse(lines) {
  if (lines.length === 0) return;
  console.error(lines.join('\n'));
  process.exit(2);
}
