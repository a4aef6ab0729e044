import { DescribeExecutionCommand, GetExecutionHistoryCommand, SFNClient } from "@aws-sdk/client-sfn";
import * as z from "zod";
import { CardwayError } from "../../functions/errors.ts";
import { type Progress, ProgressSchema } from "../../functions/sweep/progress.ts";
import type { Access } from "../access.ts";
import { read, unseenFinding } from "../reading.ts";

/** How a sweep went. */
export interface SweepRun {
  executionArn: string;
  status: string;
  /** Where it did not succeed: AWS's or Cardway's name for why, and the reason. */
  error?: string | undefined;
  cause?: string | undefined;
  /** What it has found; `undefined` where not even its first part was done. */
  progress?: Progress | undefined;
}

/** AWS refused a call or did not answer it while the sweep runs; the message says what to do. */
class SweepNotSeenError extends CardwayError {
  override readonly name = "SweepNotSeenError";
}

/**
 * Waits for the end of a sweep.
 *
 * @param show - Is told what the sweep has found so far, once for each part of it before the last.
 * @param wait - Lets a moment pass between two looks.
 * @throws {SweepNotSeenError} it cannot be reached or may not be looked at.
 */
export async function followSweep(
  executionArn: string,
  { profile: _named, ...config }: Access,
  show: (progress: Progress) => void,
  wait: () => Promise<void>,
): Promise<SweepRun> {
  const client = new SFNClient(config);
  let shown: string | undefined;
  for (;;) {
    await wait();
    const {
      status = "UNKNOWN",
      error,
      cause,
    } = await answered("states:DescribeExecution", () =>
      client.send(new DescribeExecutionCommand({ executionArn })),
    );
    const progress = await progressOf(executionArn, client);
    if (status !== "RUNNING") return { executionArn, status, error, cause: messageOf(cause), progress };
    const text = JSON.stringify(progress);
    if (progress !== undefined && progress.position !== null && text !== shown) show(progress);
    shown = text;
  }
}

/**
 * What the last part of the sweep that is done has answered, also where the execution has failed behind it, which may have been
 * tried again so often that it is pages back.
 */
async function progressOf(executionArn: string, client: SFNClient): Promise<Progress | undefined> {
  let nextToken: string | undefined;
  do {
    const page = await answered("states:GetExecutionHistory", () =>
      client.send(
        new GetExecutionHistoryCommand({
          executionArn,
          reverseOrder: true,
          maxResults: 20,
          includeExecutionData: true,
          nextToken,
        }),
      ),
    );
    const exited = page.events?.find(({ type }) => type === "TaskStateExited");
    const output = exited?.stateExitedEventDetails?.output;
    if (output !== undefined) return ProgressSchema.parse(JSON.parse(output));
    ({ nextToken } = page);
  } while (nextToken !== undefined);
  return undefined;
}

async function answered<Value>(action: string, call: () => Promise<Value>): Promise<Value> {
  const reading = await read(action, call);
  if ("seen" in reading) return reading.seen;
  const { saw, advice } = unseenFinding("sweep", reading.unseen);
  throw new SweepNotSeenError(`The sweep goes on, but is not seen. ${saw} ${advice}`);
}

const LambdaCauseSchema = z.object({ errorMessage: z.string() });

/** The reason alone, of what Lambda or Step Functions tells. */
function messageOf(cause: string | undefined): string | undefined {
  try {
    return LambdaCauseSchema.parse(JSON.parse(cause ?? "")).errorMessage;
  } catch {
    return cause;
  }
}
