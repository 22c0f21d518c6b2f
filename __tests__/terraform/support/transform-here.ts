import { transformForMoto } from './transformations.ts';

for (const line of transformForMoto(process.cwd())) console.log(line);
