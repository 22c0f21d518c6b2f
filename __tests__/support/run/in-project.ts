import { fileURLToPath } from 'node:url';

/*
 * Tests run in a project of their own, whose settings.conf never changes: editing the one beside package.json, as everybody does first,
 * fails none of them.
 */

process.chdir(fileURLToPath(new URL('../project', import.meta.url)));
