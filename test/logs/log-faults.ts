import * as z from "zod";
import { CardReferenceSchema, ModelCardArnSchema } from "../../events/model-card.ts";
import { customerChurnContent } from "../web/customer-churn-card.ts";
import { filledContent, firstContent } from "../../local/story/content.ts";
import { consoleFunctions } from "../../stacks/definitions/functions.ts";
import { parsedJson, textsOf } from "./texts.ts";

/** Everything that a log line may hold. All but the message has a shape in which nothing can hide. */
const LogLineSchema = z.strictObject({
  level: z.enum(["INFO", "ERROR"]),
  message: z.string().min(1),
  timestamp: z.iso.datetime(),
  service: z.literal("cardway"),
  cold_start: z.boolean(),
  function_arn: z.string().regex(/^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:cardway-[a-z-]+$/),
  function_memory_size: z.string().regex(/^\d+$/),
  function_name: z.string().regex(/^cardway-[a-z-]+$/),
  function_request_id: z.string().regex(/^[\w-]{1,40}$/),
  sampling_rate: z.literal(0),
  xray_trace_id: z
    .string()
    .regex(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/)
    .optional(),
  modelCardArn: ModelCardArnSchema.optional(),
  version: CardReferenceSchema.shape.version,
  status: CardReferenceSchema.shape.status,
  executionArn: z
    .string()
    .regex(/^arn:aws:states:[a-z0-9-]+:\d{12}:execution:cardway-[a-z]+:[\w-]{1,80}$/)
    .optional(),
  correlation_id: z.string().regex(/^[\w-]{1,80}$/),
  durationMs: z.number().min(0).optional(),
  errorName: z
    .string()
    .regex(/^[A-Za-z.]+$/)
    .optional(),
});

type LogLine = z.output<typeof LogLineSchema>;

/** What is wrong with a log line, in words; nothing where it is as it should be. */
export function logFaults(line: string, writings: readonly string[] = []): string[] {
  const secrets = secretsIn(line);
  const parsed = LogLineSchema.safeParse(parsedJson(line));
  if (!parsed.success) return [...secrets, `is not as log lines are: ${z.prettifyError(parsed.error)}`];
  const { message } = parsed.data;
  const written = [...canaries, ...writings].filter((text) => message.includes(text));
  return [
    ...secrets,
    ...written.map((text) => `holds what somebody wrote: ${JSON.stringify(text)}`),
    ...missingIn(parsed.data),
  ];
}

const noExecution = [
  "cardway-approval-page",
  "cardway-retire-shares",
  "cardway-operate",
  ...consoleFunctions.map(({ functionName }) => functionName),
];
const noCard = [...noExecution, "cardway-sweep"];
/** These may fail, or have nothing to do, before anybody has read the card. */
const cardUnread = ["cardway-read-card", "cardway-record-failure"];

/** What a line lacks to be found by the card and the execution that it is about. */
function missingIn({ function_name, errorName, message, ...line }: LogLine): string[] {
  const required: (keyof typeof line)[] = message === "done" ? ["durationMs"] : [];
  // Who was called wrongly knows of nothing.
  if (errorName !== "InvalidInputError") {
    if (!noExecution.includes(function_name)) required.push("executionArn");
    if (!noCard.includes(function_name) && function_name !== "cardway-record-failure") {
      required.push("modelCardArn");
      if (!cardUnread.includes(function_name)) required.push("status");
    }
    if (line.status !== undefined && line.status !== "Deleted") required.push("version");
  }
  return required.filter((member) => line[member] === undefined).map((member) => `lacks ${member}`);
}

const secretKinds: [what: string, pattern: RegExp][] = [
  ["a link of an approver", /approvals\/[0-9a-f-]{36}/i],
  ["a code as links and forms have", /(?<![\w-])(?=[\w-]*[A-Z])[\w-]{43}(?![\w-])/],
  ["a mail address", /[^\s"<>:;,@]+@[a-z0-9-]+\.[a-z0-9.-]+/i],
  ["an access key id", /(?<![A-Z0-9])A[KS]IA[A-Z0-9]{16}/],
  [
    "a secret access key",
    /(?<![\w/+=-])(?=[A-Za-z0-9/+]*[A-Z])(?=[A-Za-z0-9/+]*\d)[A-Za-z0-9/+]{40}(?![\w/+=-])/,
  ],
  ["an ID token, as sessions are", /eyJ[\w-]+\.[\w-]+\./],
  ["what a cookie remembers", /(?<![\w-])eyJ[\w-]{40,}/],
  ["a token", /(?<![\w/+=-])[A-Za-z0-9/+]{80,}/],
  [
    "a variable that is secret",
    /(?:SECRET_ACCESS_KEY|SESSION_TOKEN|secretAccessKey|sessionToken|taskToken)\\?["']?\s*[:=]/,
  ],
];

function secretsIn(line: string): string[] {
  return secretKinds.filter(([, pattern]) => pattern.test(line)).map(([what]) => `holds ${what}`);
}

const shortestProse = 20;

/** Texts of the cards that the story and the pages' tests show. */
const canaries = [JSON.parse(customerChurnContent), firstContent, filledContent]
  .flatMap(textsOf)
  .filter((text) => text.length >= shortestProse);
