/**
 * One JSON object per request. Keys are ours, values API Gateway's. HTTP APIs have no `xrayTraceId`: a request's trace is found in the log
 * lines of the function, whose request id is `integrationRequestId`. They have no usage plans either: `callerArn` says who signed.
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
  responseLatency: '$context.responseLatency',
  integrationStatus: '$context.integration.status',
  integrationLatency: '$context.integration.latency',
  integrationRequestId: '$context.integration.requestId',
  callerArn: '$context.identity.userArn',
});
