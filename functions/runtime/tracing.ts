import { Tracer } from "@aws-lambda-powertools/tracer";
import { captureLambdaHandler } from "@aws-lambda-powertools/tracer/middleware";
import type middy from "@middy/core";
import type { Runtime } from "./runtime.ts";

/** How a function shows in AWS X-Ray: its SDK clients, what its calls are about, and the middleware for its own runs. */
export interface Tracing {
  trace: Runtime["trace"];
  annotate(annotations: Record<string, string>): void;
  middleware: middy.MiddlewareObj[];
}

export function startTracing(): Tracing {
  const tracer = new Tracer({ serviceName: "cardway" });
  return {
    trace: (client) => (tracer.isTracingEnabled() ? tracer.captureAWSv3Client(client) : client),
    annotate(annotations) {
      for (const [name, value] of Object.entries(annotations)) tracer.putAnnotation(name, value);
    },
    middleware: [captureLambdaHandler(tracer, { captureResponse: false })],
  };
}
