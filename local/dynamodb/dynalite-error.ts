import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";

const DynaliteErrorSchema = z.object({
  statusCode: z.number(),
  body: z.object({ __type: z.string(), message: z.string().optional(), Message: z.string().optional() }),
});

/** What dynalite threw as the error that DynamoDB answers; anything else is a bug and comes back as it is. */
export function awsErrorOf(error: unknown): unknown {
  const parsed = DynaliteErrorSchema.safeParse(error);
  if (!parsed.success) return error;
  const { __type, message, Message } = parsed.data.body;
  return new AwsError(
    __type.slice(__type.indexOf("#") + 1),
    message ?? Message ?? "",
    parsed.data.statusCode,
  );
}
