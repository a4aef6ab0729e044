import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import * as z from "zod";
import { type Progress, ProgressSchema } from "../../functions/sweep/progress.ts";
import type { Access } from "../preflight/access.ts";
import { read, unseenFinding } from "../preflight/reading.ts";

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

/** AWS refused a call or did not answer it; the message says what to do. */
export class SweepNotRunError extends Error {
  override readonly name = "SweepNotRunError";
}

/**
 * Starts a sweep and waits for its end.
 *
 * @param show - Is told what the sweep has found so far, once for each part of it before the last.
 * @param wait - Lets a moment pass between two looks.
 * @throws {SweepNotRunError} the sweep is not there, cannot be reached or may not be started.
 */
export async function runSweep(
  { stateMachineArn, dryRun }: { stateMachineArn: string; dryRun: boolean },
  { profile: _named, ...config }: Access,
  show: (progress: Progress) => void,
  wait: () => Promise<void>,
): Promise<SweepRun> {
  const client = new SFNClient(config);
  const input = JSON.stringify({ dryRun });
  const executionArn = await answered<string | undefined>(
    "states:StartExecution",
    async () => (await client.send(new StartExecutionCommand({ stateMachineArn, input }))).executionArn,
    { StateMachineDoesNotExist: "" },
  );
  if (executionArn === undefined || executionArn === "") {
    throw new SweepNotRunError(
      `There is no ${stateMachineArn}. Deploy Cardway there first, or name another profile or Region.`,
    );
  }
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

async function answered<Value>(
  action: string,
  call: () => Promise<Value>,
  expected: Record<string, Value> = {},
): Promise<Value> {
  const reading = await read(action, call, expected);
  if ("seen" in reading) return reading.seen;
  const { saw, advice } = unseenFinding("sweep", reading.unseen);
  throw new SweepNotRunError(`${saw} ${advice}`);
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
