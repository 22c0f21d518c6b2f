import { spawn } from 'node:child_process';

/** Nobody listens at the port of RFC 863's discard. */
const CLOSED = 'http://127.0.0.1:9';

/**
 * An environment in which no registry can be reached: npm and Terraform are led to a closed port, and neither finds what this machine keeps, nor
 * credentials.
 *
 * Source: npm documentation, "config", `registry`, `offline`; Go, `net/http.ProxyFromEnvironment`.
 *
 * @param home - an empty folder
 * @param proxy - that refuses. @default - a closed port
 */
export function refusedSurroundings(home: string, proxy = CLOSED): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TMPDIR, TEMP } = process.env;
  const kept = { PATH, SystemRoot, TMPDIR, TEMP };
  return {
    ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)),
    ...{ HOME: home, USERPROFILE: home, APPDATA: home, XDG_CONFIG_HOME: home },
    ...{ HTTP_PROXY: proxy, HTTPS_PROXY: proxy, http_proxy: proxy, https_proxy: proxy, NO_PROXY: '', no_proxy: '' },
    ...{ npm_config_registry: proxy, npm_config_offline: 'true', CI: 'true' },
  };
}

export interface Ended {
  readonly exitCode: number;
  /** Standard output and error. */
  readonly output: string;
}

export interface Surrounded {
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Runs a program to its end; what can't be started ends with 127, as in a shell. */
export function runIn(file: string, args: readonly string[], { folder, environment }: Surrounded): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    const output = () => Buffer.concat(chunks).toString('utf8');
    child.once('error', (error) => resolve({ exitCode: 127, output: error.message }));
    child.once('close', (code) => resolve({ exitCode: code ?? 130, output: output() }));
  });
}
