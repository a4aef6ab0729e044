import type { Message } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { EventEnvelopeSchema } from "../../events/envelope.ts";
import { ModelCardCallViaCloudTrail } from "../../events/model-card-call-via-cloudtrail.ts";
import { ModelCardArnSchema } from "../../events/model-card.ts";
import { cardCalled } from "../../functions/read-card/trigger.ts";
import { printable } from "../printable.ts";
import { type DeliveryFailure, isQuotable } from "./explain.ts";

/** What starts again when an event is re-driven. */
export type Subject =
  | { kind: "card"; modelCardArn: string }
  | { kind: "sweep" }
  /** Nothing: what the message holds is no event of this rule. */
  | { kind: "malformed"; why: string };

/** An event that EventBridge could not deliver, as its rule's queue keeps it. */
export interface DeadLetter {
  messageId: string;
  ruleName: string;
  /** When EventBridge gave it up, ISO 8601 UTC. */
  sentAt: string;
  failure: DeliveryFailure;
  subject: Subject;
  receiptHandle: string;
}

/** The only members of an event that count: the card, by its ARN or its name. */
const StateChangeSchema = EventEnvelopeSchema.extend({
  resources: z.tuple([ModelCardArnSchema], z.string()),
}).transform(({ resources: [modelCardArn] }) => modelCardArn);

const CallSchema = ModelCardCallViaCloudTrail.schema.transform(({ account, region, detail }, context) =>
  cardCalled({ modelCardName: detail.requestParameters.modelCardName, account, region }, context),
);

const CardEventSchema = z.union([CallSchema, StateChangeSchema]);

const RetriesSchema = z.coerce.number().int().min(0);

/**
 * Reads a message of a dead-letter queue. One that makes no sense is told as that.
 *
 * @param starts - What the queue's rule starts.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export function deadLetterOf(message: Message, ruleName: string, starts: "promotion" | "sweep"): DeadLetter {
  const { MessageId = "", ReceiptHandle = "", Attributes, MessageAttributes = {} } = message;
  const attribute = (name: string): string | undefined => MessageAttributes[name]?.StringValue;
  const code = printable(attribute("ERROR_CODE") ?? "").slice(0, 100);
  const said = attribute("ERROR_MESSAGE");
  const exhausted = attribute("EXHAUSTED_RETRY_CONDITION");
  const retries = RetriesSchema.safeParse(attribute("RETRY_ATTEMPTS"));
  const sentMs = Number(Attributes?.SentTimestamp ?? 0);
  return {
    messageId: MessageId,
    ruleName,
    sentAt: new Date(Number.isSafeInteger(sentMs) ? sentMs : 0).toISOString(),
    failure: {
      code,
      ...(said !== undefined && isQuotable(code) && { message: printable(said).slice(0, 500) }),
      ...(exhausted !== undefined && { exhausted: printable(exhausted).slice(0, 100) }),
      ...(retries.success && { retries: retries.data }),
    },
    subject: subjectOf(message.Body ?? "", starts),
    receiptHandle: ReceiptHandle,
  };
}

function subjectOf(body: string, starts: "promotion" | "sweep"): Subject {
  let event: unknown;
  try {
    event = JSON.parse(body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { kind: "malformed", why: "not JSON" };
  }
  if (!EventEnvelopeSchema.safeParse(event).success) {
    return { kind: "malformed", why: "no event of EventBridge" };
  }
  if (starts === "sweep") return { kind: "sweep" };
  const card = CardEventSchema.safeParse(event);
  return card.success
    ? { kind: "card", modelCardArn: card.data }
    : { kind: "malformed", why: "names no model card" };
}
