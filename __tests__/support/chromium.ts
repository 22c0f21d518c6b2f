import { existsSync } from 'node:fs';

/** Debian's, Ubuntu's and Google's names; CHROMIUM names another one. */
const PLACES = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
] as const;

/** Where this machine has a Chromium; undefined: nowhere. */
export const chromiumPath: string | undefined = PLACES.find((path) => path !== undefined && existsSync(path));
