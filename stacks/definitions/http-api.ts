/** An HTTP API in front of pages. */
export interface HttpApiDefinition {
  name: string;
  /** Requests a second, of everybody together: a flood is refused before it costs anything. */
  throttling: { rateLimit: number; burstLimit: number };
  /** As `accessLogFormat` makes it. */
  accessLogFormat: string;
}

/**
 * What is logged of a request. Never its path: it can be a secret, as an approver's link is. Nor headers, nor who came from
 * where.
 *
 * @param more - Further members: their names, and variables of API Gateway's.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
 */
export function accessLogFormat(more: Record<string, string> = {}): string {
  return JSON.stringify({
    requestTime: "$context.requestTime",
    requestId: "$context.requestId",
    method: "$context.httpMethod",
    ...more,
    status: "$context.status",
    responseLatencyMs: "$context.responseLatency",
    integrationStatus: "$context.integrationStatus",
    integrationLatencyMs: "$context.integrationLatency",
    integrationRequestId: "$context.integration.requestId",
    error: "$context.error.message",
  });
}
