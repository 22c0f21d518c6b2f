import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

interface PageFile {
  readonly status: number;
  readonly type: string;
  readonly content: string | Uint8Array;
}

const view = (name: string): string => fileURLToPath(new URL(`./view/${name}`, import.meta.url));

const STYLES = ['page.css', 'parts.css', 'requests/requests.css', 'explorer/explorer.css'];

/** The page's files. Its program is bundled when it is first asked for, which takes a moment, and then kept. */
export function pageFiles(): (method: string | undefined, path: string) => Promise<PageFile> {
  let program: Uint8Array | undefined;
  return async (method, path) => {
    if (method !== 'GET' && method !== 'HEAD') return { status: 405, type: 'text/plain', content: 'GET only' };
    switch (path) {
      case '/':
        return { status: 200, type: 'text/html; charset=utf-8', content: await readFile(view('page.html')) };
      case '/page.css': {
        const parts = await Promise.all(STYLES.map((name) => readFile(view(name), 'utf8')));
        return { status: 200, type: 'text/css; charset=utf-8', content: parts.join('\n') };
      }
      case '/page.js':
        program ??= bundle();
        return { status: 200, type: 'text/javascript; charset=utf-8', content: program };
      default:
        return { status: 404, type: 'text/plain', content: 'There is no such file.' };
    }
  };
}

/**
 * In one go, in a process of its own: the watch ends esbuild's shared one now and then, and a build that is under way there would never end.
 *
 * @throws BuildFailure of esbuild
 */
function bundle(): Uint8Array {
  const { outputFiles } = buildSync({
    entryPoints: [view('main.tsx')],
    bundle: true,
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    logLevel: 'silent',
    minify: true,
    platform: 'browser',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0]?.contents ?? new Uint8Array();
}
