import type { EventEnvelope } from "../../events/envelope.ts";
import { AwsError } from "../wire/aws-error.ts";
import { compileJsonPath } from "./json-path.ts";
import { UndeliverableError } from "./undeliverable-error.ts";
import { parseBoundedJson } from "../wire/bounded-json.ts";

/** An event on its way to a target, with its JSON text, so that this is made only once. */
export interface IngestedEvent {
  event: EventEnvelope;
  text: string;
  ingestedAt: Date;
}

/** Makes the text that a target receives. Throws `UndeliverableError` where the event does not allow it. */
export type TargetInput = (ingested: IngestedEvent, rule: { arn: string; name: string }) => string;

/** The members of a target that shape its input. */
export interface InputSettings {
  Id: string;
  Input?: string | undefined;
  InputPath?: string | undefined;
  InputTransformer?: { InputPathsMap: Record<string, string>; InputTemplate: string } | undefined;
}

/**
 * Compiles what a target asks for: a constant, a part of the event, a template, or the whole event.
 *
 * @throws {AwsError} `ValidationException` with the text of `PutTargets`.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function compileTargetInput({ Id, Input, InputPath, InputTransformer }: InputSettings): TargetInput {
  if ([Input, InputPath, InputTransformer].filter((given) => given !== undefined).length > 1) {
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`);
  }
  if (Input !== undefined) {
    if (!isJson(Input)) throw invalid(`JSON syntax error in input for target ${Id}.`);
    return () => Input;
  }
  if (InputPath !== undefined) {
    const path = requirePath(InputPath, Id);
    return ({ event }) => {
      const found = path(event);
      if (found === undefined)
        throw new UndeliverableError("INVALID_JSON", `The event has nothing at ${InputPath}`);
      return JSON.stringify(found.value);
    };
  }
  return InputTransformer === undefined ? ({ text }) => text : compileTransformer(Id, InputTransformer);
}

type TemplatePart = string | { variable: string; quoted: boolean };

function compileTransformer(
  targetId: string,
  { InputPathsMap, InputTemplate }: NonNullable<InputSettings["InputTransformer"]>,
): TargetInput {
  const paths = Object.entries(InputPathsMap).map(
    ([name, path]) => [name, requirePath(path, targetId)] as const,
  );
  const parts = parseTemplate(InputTemplate);
  const isObjectTemplate = InputTemplate.trimStart().startsWith("{");
  for (const part of parts) {
    if (typeof part === "string") continue;
    if (!Object.hasOwn(InputPathsMap, part.variable) && !predefinedVariables.has(part.variable)) {
      throw invalid(`InputTemplate for target ${targetId} contains invalid placeholder ${part.variable}.`);
    }
    if (!isObjectTemplate && wholeEventVariables.has(part.variable)) {
      throw invalid(
        `InputTemplate for target ${targetId} contains placeholder ${part.variable} valid only for JSON template.`,
      );
    }
  }
  const sample = parts.map((part) => (typeof part === "string" ? part : part.quoted ? "" : "null")).join("");
  if (!isJson(sample)) throw invalid(`Invalid InputTemplate for target ${targetId}.`);

  return (ingested, rule) => {
    const values = new Map<string, unknown>([
      ...paths.flatMap(([name, path]): [string, unknown][] => {
        const found = path(ingested.event);
        return found === undefined ? [] : [[name, found.value]];
      }),
      ...Object.entries(predefinedValues(ingested, rule)),
    ]);
    const filled = parts.map((part) => fill(part, values, isObjectTemplate)).join("");
    if (!isObjectTemplate) return filled;
    try {
      return JSON.stringify(JSON.parse(filled));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      throw new UndeliverableError("INVALID_JSON", "The filled input template is not valid JSON");
    }
  };
}

/** A value that the event does not have becomes an empty string; one within quotes is inserted as it is, unescaped. */
function fill(part: TemplatePart, values: ReadonlyMap<string, unknown>, isObjectTemplate: boolean): string {
  if (typeof part === "string") return part;
  const value = values.has(part.variable) ? values.get(part.variable) : "";
  if (!part.quoted) return JSON.stringify(value);
  if (typeof value !== "object" || value === null) return String(value);
  const text = JSON.stringify(value);
  return isObjectTemplate ? text : text.replaceAll('"', "");
}

const wholeEventVariables = new Set(["aws.events.event", "aws.events.event.json"]);

const predefinedVariables = new Set([
  ...wholeEventVariables,
  "aws.events.rule-arn",
  "aws.events.rule-name",
  "aws.events.event.ingestion-time",
]);

function predefinedValues(
  { event, ingestedAt }: IngestedEvent,
  rule: { arn: string; name: string },
): Record<string, unknown> {
  const { id, account, time, source, region, resources, version } = event;
  const detailType = event["detail-type"];
  const withoutDetail = { id, account, detailType, time, source, region, resources, version };
  return {
    "aws.events.rule-arn": rule.arn,
    "aws.events.rule-name": rule.name,
    "aws.events.event.ingestion-time": eventTime(ingestedAt),
    "aws.events.event": withoutDetail,
    "aws.events.event.json": event,
  };
}

/** A time as events carry it: ISO 8601 UTC, whole seconds. */
export function eventTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** Splits a template at its `<placeholders>`, noting which of them are within a JSON string. */
function parseTemplate(template: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let quoted = false;
  let textStart = 0;
  for (let index = 0; index < template.length; index += 1) {
    const character = template[index];
    if (character === "\\" && quoted) index += 1;
    else if (character === '"') quoted = !quoted;
    else if (character === "<") {
      const placeholder = /^<([\w.-]+)>/.exec(template.slice(index, index + 258));
      if (placeholder?.[1] === undefined) continue;
      parts.push(template.slice(textStart, index), { variable: placeholder[1], quoted });
      textStart = index + placeholder[0].length;
      index = textStart - 1;
    }
  }
  parts.push(template.slice(textStart));
  return parts;
}

function requirePath(path: string, targetId: string): NonNullable<ReturnType<typeof compileJsonPath>> {
  const compiled = compileJsonPath(path);
  if (compiled === undefined) throw invalid(`InputPath for target ${targetId} is invalid.`);
  return compiled;
}

function isJson(text: string): boolean {
  try {
    parseBoundedJson(text);
    return true;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return false;
  }
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
