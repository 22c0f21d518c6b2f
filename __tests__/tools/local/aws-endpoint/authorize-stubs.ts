import type { Authorize, AuthorizeRequest } from '#local/aws-endpoint/authorize.ts';

/** An {@link Authorize} that keeps what it was asked; `denied` is the action that it refuses. */
export function recordingAuthorize(denied?: string): {
  readonly authorize: Authorize;
  readonly asked: AuthorizeRequest[];
} {
  const asked: AuthorizeRequest[] = [];
  return {
    asked,
    authorize: async (request) => {
      asked.push(request);
      if (request.action !== denied) return { allowed: true };
      const message = `User is not authorized to perform: ${request.action} on resource: ${request.resources.join(', ')}`;
      return { allowed: false, status: 400, code: 'AccessDeniedException', message };
    },
  };
}

export const allowAll: Authorize = async () => ({ allowed: true });

/** What SDK clients need to talk to an endpoint of the runtime. */
export const clientSettings = (endpoint: string, region = 'eu-central-1') => ({
  endpoint,
  region,
  maxAttempts: 1,
  credentials: { accessKeyId: 'AKIDLOCAL', secretAccessKey: 'secret' },
});
