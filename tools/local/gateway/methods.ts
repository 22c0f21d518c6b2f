/** What `ANY` stands for; other methods (`TRACE`, WebDAV's) never match. */
export const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'] as const;
