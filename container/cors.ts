import type { RequestHandler } from 'express';
import * as z from 'zod/mini';
import { corsOf } from '#functions/http/cors.ts';

/** The variable `CORS`: what functions have of it, and what preflights are answered with. */
const schema = z.object({
  /** `*`, `https://*`, `http://*` or origins. */
  origins: z.array(z.string()),
  expose: z.array(z.string()),
  credentials: z.boolean(),
  methods: z.array(z.string()),
  headers: z.array(z.string()),
  maxAgeSeconds: z.int(),
});

/** Settings of the stage that the variable is made of. */
interface CorsSettings {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean;
  readonly maxAgeSeconds: number;
}

/** The value of the variable `CORS`: in a task on AWS and in a process on the laptop alike. */
export function corsVariable(cors: CorsSettings): string {
  const variable: z.infer<typeof schema> = {
    origins: [...cors.allowOrigins],
    expose: [...cors.exposeHeaders],
    credentials: cors.allowCredentials,
    methods: [...cors.allowMethods],
    headers: [...cors.allowHeaders],
    maxAgeSeconds: cors.maxAgeSeconds,
  };
  return JSON.stringify(variable);
}

/** Cross-origin requests, as the gateways let pages send them: nothing before the load balancer does. */
export interface CorsHandlers {
  /** Gives every response, refusals too, what lets a page read it. */
  readonly everywhere: RequestHandler;
  /** Answers a browser that asks whether it may send a request to a path: open, without a key. Another OPTIONS goes on. */
  readonly preflight: RequestHandler;
}

/**
 * Source: Fetch Standard, "CORS protocol", "CORS-preflight request".
 *
 * @param text - the variable `CORS`
 * @returns undefined without it: pages of other origins read nothing
 * @throws ZodError for what is none
 */
export function corsHandlers(text: string | undefined): CorsHandlers | undefined {
  if (!text) return undefined;
  const { methods, headers, maxAgeSeconds } = schema.parse(JSON.parse(text));
  const headersFor = corsOf(text);
  const asked = {
    'access-control-allow-methods': methods.join(','),
    'access-control-allow-headers': headers.join(','),
    'access-control-max-age': String(maxAgeSeconds),
  };
  return {
    everywhere: (request, response, next) => {
      response.set(headersFor(request.headers.origin));
      next();
    },
    preflight: (request, response, next) => {
      if (request.headers['access-control-request-method'] === undefined) return next();
      response.set(asked).status(204).end();
    },
  };
}
