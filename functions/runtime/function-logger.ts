import { type LogItem, Logger } from "@aws-lambda-powertools/logger";
import * as z from "zod";
import type { Runtime } from "./runtime.ts";

/** A function's logger: one JSON object a line. */
export function createLogger({ environment, writeLog }: Pick<Runtime, "environment" | "writeLog">): Logger {
  const options = { serviceName: "cardway", logLevel: logLevelOf(environment) };
  return writeLog === undefined ? new Logger(options) : new CollectedLogger(options, writeLog);
}

class CollectedLogger extends Logger {
  private readonly write: (line: string) => void;

  constructor(options: ConstructorParameters<typeof Logger>[0], write: (line: string) => void) {
    super(options);
    this.write = write;
  }

  protected override printLog(_level: number, item: LogItem): void {
    item.prepareForPrint();
    this.write(JSON.stringify(item.getAttributes(), this.getJsonReplacer()));
  }
}

function logLevelOf({ LOG_LEVEL }: Runtime["environment"]) {
  const level = z.enum(["DEBUG", "INFO", "WARN", "ERROR", "SILENT"]).safeParse(LOG_LEVEL);
  return level.success ? level.data : "INFO";
}
