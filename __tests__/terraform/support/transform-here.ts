import { emulatorSchema, transformFor } from './transformations.ts';

const emulator = emulatorSchema.parse(process.env.EMULATOR);
for (const line of transformFor(emulator, process.cwd())) console.log(line);
