import { describe, expect, it } from 'vitest';
import { Startup, type Step } from '#local/runtime/startup.ts';

function recording(name: string, closed: string[]) {
  return {
    close: async () => {
      closed.push(name);
    },
  };
}

describe('the start-up', () => {
  it('ends what it started in reverse order, once', async () => {
    const closed: string[] = [];
    const startup = new Startup();
    for (const name of ['tables', 'functions', 'gateway']) startup.keep(recording(name, closed));
    await Promise.all([startup.close(), startup.close()]);
    expect(closed).toEqual(['gateway', 'functions', 'tables']);
  });

  it('ends the rest when one service cannot end, and says so', async () => {
    const closed: string[] = [];
    const startup = new Startup();
    startup.keep(recording('tables', closed));
    startup.keep({ close: () => Promise.reject(new Error('stuck')) });
    await expect(startup.close()).rejects.toMatchObject({ errors: [new Error('stuck')] });
    expect(closed).toEqual(['tables']);
  });

  it('ends at once what starts after the end has begun', async () => {
    const closed: string[] = [];
    const startup = new Startup();
    await startup.close();
    startup.keep(recording('late', closed));
    expect(closed).toEqual(['late']);
  });

  it('reports the steps that succeed', async () => {
    const steps: Step[] = [];
    const startup = new Startup((step) => steps.push(step));
    expect(await startup.step('synthesize', () => 1)).toBe(1);
    await expect(startup.step('read', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(steps.map((step) => step.name)).toEqual(['synthesize']);
  });
});
