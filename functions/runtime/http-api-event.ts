import type { LambdaEvent } from "hono/aws-lambda";
import * as z from "zod";

/** An HTTP API's request; of its many members these are read. */
const HttpApiRequestSchema = z.looseObject({
  version: z.literal("2.0"),
  rawPath: z.string(),
  rawQueryString: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string().optional(),
  isBase64Encoded: z.boolean(),
  requestContext: z.looseObject({
    domainName: z.string(),
    http: z.looseObject({ method: z.string() }),
  }),
});

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
export const HttpApiEventSchema = z
  .custom<Extract<LambdaEvent, { rawPath: string }>>((event) => HttpApiRequestSchema.safeParse(event).success)
  // A request by these methods has no meaning for its body, and the adapter cannot make one with a body.
  .transform((event) =>
    ["GET", "HEAD"].includes(event.requestContext.http.method) ? { ...event, body: null } : event,
  );

export type HttpApiEvent = z.output<typeof HttpApiEventSchema>;
