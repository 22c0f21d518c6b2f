import { resolve } from 'node:path';
import { buildContainer } from './build.ts';

/** `npm run container:bundle [folder]`: what an image is made of, in `dist/container` where nothing else is said. */
const [folder = 'dist/container'] = process.argv.slice(2);
console.log(await buildContainer(resolve(folder)));
