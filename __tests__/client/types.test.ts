import { describe, expectTypeOf, it } from 'vitest';
import type { Client } from '#client/client.ts';

type Answers<M extends keyof Client> = Awaited<ReturnType<Client[M]>>;
type ErrorBody = { error: string; requestId: string };

describe('types of the client (B2)', () => {
  it('has a method for every operation', () => {
    expectTypeOf<'getUser' | 'healthcheck' | 'listEvents' | 'postEvent' | 'replaceString'>().toExtend<keyof Client>();
    expectTypeOf<'get-user' | 'user' | 'then'>().not.toExtend<keyof Client>();
  });

  it('asks for the parts that the operation declares, and for those that are needed', () => {
    expectTypeOf<{ path: { id: string }; body: { name: string } }>().toExtend<Parameters<Client['postUser']>[0]>();
    expectTypeOf<{ path: { id: string } }>().not.toExtend<Parameters<Client['postUser']>[0]>();
    expectTypeOf<{ path: { id: string }; body: { name: number } }>().not.toExtend<Parameters<Client['postUser']>[0]>();
    expectTypeOf<{ body: { content: string } }>().toExtend<Parameters<Client['replaceString']>[0]>();
    expectTypeOf<{ query: { date: string } }>().toExtend<Parameters<Client['listEvents']>[0]>();
    expectTypeOf<Parameters<Client['listEvents']>>().toExtend<[unknown?]>();
    expectTypeOf<[]>().toExtend<Parameters<Client['test']>>();
    expectTypeOf<[]>().not.toExtend<Parameters<Client['getUser']>>();
    expectTypeOf<keyof NonNullable<Parameters<Client['test']>[0]>>().toEqualTypeOf<'signal'>();
    expectTypeOf<keyof Parameters<Client['replaceString']>[0]>().toEqualTypeOf<'body' | 'signal'>();
  });

  it('types the body by the status, declared or of the gateway', () => {
    type Found = Extract<Answers<'getUser'>, { status: 200 }>;
    expectTypeOf<Found['body']>().toEqualTypeOf<{ id: string; name: string }>();
    expectTypeOf<Extract<Answers<'getUser'>, { status: 404 }>['body']>().toEqualTypeOf<ErrorBody>();
    expectTypeOf<Extract<Answers<'postEvent'>, { status: 200 }>['body']>().toEqualTypeOf<string>();
    type Limited = Extract<Answers<'test'>, { status: 403 | 429 }>;
    expectTypeOf<[Limited] extends [never] ? never : 'answers'>().toEqualTypeOf<never>();
  });

  it('tells results apart by their status', () => {
    const read = (result: Answers<'healthcheck'>) => {
      if (result.status === 200) return expectTypeOf(result.body.status).toEqualTypeOf<'ok'>();
      if (result.status === 503) return expectTypeOf(result.body.status).toEqualTypeOf<'unavailable'>();
      return expectTypeOf(result.body).toEqualTypeOf<ErrorBody>();
    };
    expectTypeOf(read).toBeFunction();
  });
});
