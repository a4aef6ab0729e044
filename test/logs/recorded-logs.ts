import * as z from "zod";
import type { LocalCloud, LocalCloudOptions } from "../../local/cloud.ts";
import { createRecording } from "../recording.ts";
import { parsedJson, textsOf } from "./texts.ts";

const lines = createRecording("log-lines");
const writings = createRecording("writings");

/** Too short to be known again: such texts are also names, statuses and numbers. */
const shortest = 8;

/** How functions log in tests: nowhere, but in a run of all tests, at whose end every line is judged. */
export const recordedLogs: Pick<LocalCloudOptions, "logLevel" | "writeLog"> = lines.isOn
  ? { logLevel: "INFO", writeLog: (line) => lines.write(line) }
  : { logLevel: "SILENT" };

/** Records those of a program's lines that a function of it has logged. */
export function recordLogsOf(output: string): void {
  for (const line of output.split("\n")) if (line.includes('"service":"cardway"')) lines.write(line);
}

/** Records what somebody wrote into a card or a comment, which no log line may hold. */
export function recordWriting(text: string): void {
  if (text.length >= shortest) writings.write(JSON.stringify(text));
}

/** A way to AWS that records the content of the cards that are written on it. */
export function recordingContent(direct: LocalCloud["requestHandler"]): LocalCloud["requestHandler"] {
  return {
    ...direct,
    handle(request) {
      const isWrite = /\.(?:Create|Update)ModelCard$/.test(request.headers["x-amz-target"] ?? "");
      if (lines.isOn && isWrite) textsOf(contentIn(request.body)).forEach(recordWriting);
      return direct.handle(request);
    },
  };
}

const WriteSchema = z.object({ Content: z.string().default("") });

/** A card's content in a request; as it stands there, where it is not JSON. */
function contentIn(body: unknown): unknown {
  const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body);
  const { Content } = WriteSchema.parse(JSON.parse(text));
  return parsedJson(Content) ?? Content;
}

/** What was recorded so far; only in a run of all tests. */
export function readRecordedLogs(): { lines: string[]; writings: string[] } | undefined {
  const texts = writings.read();
  return (
    texts && { lines: lines.read() ?? [], writings: texts.map((text) => z.string().parse(JSON.parse(text))) }
  );
}
