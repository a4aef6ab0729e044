/** The HTTP API in front of the approval page. */
export const approvalApi = {
  /** Requests a second, of everybody together. An approver makes a handful; a flood is refused before it costs anything. */
  throttling: { rateLimit: 20, burstLimit: 50 },
  /**
   * What is logged of a request. Never its path: it is the approver's link. Nor who came from where.
   *
   * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
   */
  accessLogFormat: JSON.stringify({
    requestTime: "$context.requestTime",
    requestId: "$context.requestId",
    method: "$context.httpMethod",
    status: "$context.status",
    responseLatencyMs: "$context.responseLatency",
    integrationStatus: "$context.integrationStatus",
    integrationLatencyMs: "$context.integrationLatency",
    integrationRequestId: "$context.integration.requestId",
    error: "$context.error.message",
  }),
};
