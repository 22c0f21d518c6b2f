/**
 * One JSON object per request. Keys are ours, values API Gateway's. Of the API key its id, never its value.
 *
 * Source: Amazon API Gateway Developer Guide, "Variables for access logging for API Gateway".
 */
export const restAccessLogFormat = JSON.stringify({
  requestId: '$context.requestId',
  extendedRequestId: '$context.extendedRequestId',
  xrayTraceId: '$context.xrayTraceId',
  ip: '$context.identity.sourceIp',
  requestTime: '$context.requestTime',
  httpMethod: '$context.httpMethod',
  resourcePath: '$context.resourcePath',
  path: '$context.path',
  status: '$context.status',
  protocol: '$context.protocol',
  responseLength: '$context.responseLength',
  responseLatency: '$context.responseLatency',
  integrationStatus: '$context.integration.status',
  integrationLatency: '$context.integration.latency',
  integrationRequestId: '$context.integration.requestId',
  integrationError: '$context.integration.error',
  errorMessage: '$context.error.message',
  errorResponseType: '$context.error.responseType',
  apiKeyId: '$context.identity.apiKeyId',
  callerArn: '$context.identity.userArn',
  domainName: '$context.domainName',
});
