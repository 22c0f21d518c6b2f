import { Testing } from 'cdktf';
import { expect } from 'vitest';

// cdktf adds its matchers to Jest's global `expect`. Tests of stacks and constructs import this file; others don't pay for cdktf.
Object.assign(globalThis, { expect });
Testing.setupJest();
