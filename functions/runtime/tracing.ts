import { Tracer } from "@aws-lambda-powertools/tracer";
import { captureLambdaHandler } from "@aws-lambda-powertools/tracer/middleware";
import type middy from "@middy/core";
import type { Runtime } from "./runtime.ts";

/** How a function shows in AWS X-Ray: its SDK clients, and the middleware for its own runs. */
export interface Tracing {
  trace: Runtime["trace"];
  middleware: middy.MiddlewareObj[];
}

export function startTracing(): Tracing {
  const tracer = new Tracer({ serviceName: "cardway" });
  return {
    trace: (client) => (tracer.isTracingEnabled() ? tracer.captureAWSv3Client(client) : client),
    middleware: [captureLambdaHandler(tracer, { captureResponse: false })],
  };
}
