import { Tracer } from "@aws-lambda-powertools/tracer";
import { captureLambdaHandler } from "@aws-lambda-powertools/tracer/middleware";
import type middy from "@middy/core";
import type { CallWrapper, Runtime, SdkClient } from "./runtime.ts";

/** How a function shows in AWS X-Ray: its SDK clients, what its calls are about, and the middleware for its own runs. */
export interface Tracing {
  trace: Runtime["trace"];
  annotate(annotations: Record<string, string>): void;
  middleware: middy.MiddlewareObj[];
}

export function startTracing(): Tracing {
  const tracer = new Tracer({ serviceName: "cardway" });
  return {
    trace: (client) =>
      tracer.isTracingEnabled() ? withoutMessages(tracer.captureAWSv3Client(client)) : client,
    annotate(annotations) {
      for (const [name, value] of Object.entries(annotations)) tracer.putAnnotation(name, value);
    },
    middleware: [captureLambdaHandler(tracer, { captureResponse: false })],
  };
}

/**
 * Has the trace of a client's calls tell an error of AWS by its name and status alone: AWS's messages repeat what they were
 * sent, for example addresses. Whoever called gets the error itself.
 */
function withoutMessages<Client extends SdkClient>(client: Client): Client {
  const untold = new WeakMap<object, Error>();
  const giveBack: CallWrapper = (next) => (request) =>
    next(request).catch((error: unknown) => {
      throw (error instanceof Error && untold.get(error)) || error;
    });
  const keepBack: CallWrapper = (next) => (request) =>
    next(request).catch((error: unknown) => {
      if (!(error instanceof Error)) throw error;
      const { name } = error;
      const shown = Object.assign(new Error(name), { name, $metadata: metadataOf(error) });
      untold.set(shown, error);
      throw shown;
    });
  // X-Ray's own part is at the same step with no priority, and so between these two.
  client.middlewareStack.add(giveBack, { step: "build", priority: "high" });
  client.middlewareStack.add(keepBack, { step: "build", priority: "low" });
  return client;
}

/** The status and the id of the request, as the SDK notes them. */
function metadataOf(error: Error): unknown {
  return "$metadata" in error ? error.$metadata : undefined;
}
