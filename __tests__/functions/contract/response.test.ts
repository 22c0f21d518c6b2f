import { describe, expectTypeOf, it } from 'vitest';
import type { healthcheck } from '#contract/healthcheck.ts';
import type { QueryName, ResponseOf, Status } from '#contract/response.ts';
import type { test } from '#contract/test.ts';
import type { Routes } from '#functions/http/routes.ts';

type HealthAnswer = ResponseOf<typeof healthcheck>;

describe('what an operation may answer', () => {
  it('is one of the declared status codes', () => {
    expectTypeOf<Status<typeof healthcheck>>().toEqualTypeOf<200 | 503>();
    expectTypeOf<Status<typeof test>>().toEqualTypeOf<200>();
  });

  it('is the body that belongs to the status code', () => {
    expectTypeOf<Extract<HealthAnswer, { status: 503 }>['body']>().toEqualTypeOf<{
      status: 'unavailable';
      failing: ('bucket' | 'table-a' | 'table-b')[];
      late: ('bucket' | 'table-a' | 'table-b')[];
      env: string;
      region: string;
    }>();
  });

  it('is nothing else: other codes, other bodies, and bodies of another code do not compile', () => {
    type Ok = { status: 'ok'; check: 'deep'; env: string; region: string };
    expectTypeOf<{ status: 200; body: Ok }>().toExtend<HealthAnswer>();
    expectTypeOf<{ status: 404; body: Ok }>().not.toExtend<HealthAnswer>();
    expectTypeOf<{ status: 503; body: Ok }>().not.toExtend<HealthAnswer>();
    expectTypeOf<{ status: 200; body: Omit<Ok, 'env'> }>().not.toExtend<HealthAnswer>();
    expectTypeOf<{ status: 200; body: Omit<Ok, 'check'> & { check: 'lazy' } }>().not.toExtend<HealthAnswer>();
  });

  it('holds for handlers too', () => {
    type Serve = Routes<typeof healthcheck>['GET /healthcheck'];
    expectTypeOf<() => Promise<{ status: 418; body: string }>>().not.toExtend<Serve>();
    expectTypeOf<() => Promise<HealthAnswer>>().toExtend<Serve>();
  });
});

describe('what a handler may ask of the query string', () => {
  it('is what the contract declares', () => {
    expectTypeOf<QueryName<typeof healthcheck>>().toEqualTypeOf<'shallow'>();
    expectTypeOf<QueryName<typeof test>>().toEqualTypeOf<never>();
  });
});
