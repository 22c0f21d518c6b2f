import { Testing } from 'cdktf';
import { expect } from 'vitest';

// cdktf looks for Jest's global `expect` to add its matchers to.
Object.assign(globalThis, { expect });
Testing.setupJest();
