/**
 * One JSON object per request. Keys are ours, values API Gateway's.
 *
 * Source: Amazon API Gateway Developer Guide, "Customize HTTP API access logs".
 */
export const httpAccessLogFormat = JSON.stringify({
  requestId: '$context.requestId',
  ip: '$context.identity.sourceIp',
  requestTime: '$context.requestTime',
  httpMethod: '$context.httpMethod',
  routeKey: '$context.routeKey',
  status: '$context.status',
  protocol: '$context.protocol',
  responseLength: '$context.responseLength',
  errorMessage: '$context.error.message',
  errorResponseType: '$context.error.responseType',
  authorizerError: '$context.authorizer.error',
  integrationErrorMessage: '$context.integrationErrorMessage',
});
