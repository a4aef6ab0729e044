import * as z from "zod";
import { AwsError } from "../../wire/aws-error.ts";
import type { Call } from "../../wire/caller.ts";
import { type Operation, operation } from "../../wire/operation.ts";
import type { PendingTask, TaskTokens } from "../engine/task-tokens.ts";
import { parseJsonText } from "../json.ts";
import { invalidToken } from "../refusals.ts";
import { CauseSchema, ErrorSchema, PayloadSchema } from "./fields.ts";

const TaskTokenSchema = z.string().min(1).max(2048);

/**
 * Callbacks of tasks. IAM knows no resource of theirs: a role that names one is allowed none.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
 */
export function taskOperations(tokens: TaskTokens): Record<string, Operation> {
  const pendingTask = (taskToken: string, { caller, region }: Call): PendingTask => {
    const owner = tokens.ownerOf(taskToken);
    if (owner === undefined) throw invalidToken();
    if (owner.accountId !== caller.accountId || owner.region !== region) {
      throw new AwsError("TaskDoesNotExist", "Task Does Not Exist: 'Provided task does not exist'");
    }
    const task = tokens.find(taskToken);
    if (task === undefined) {
      throw new AwsError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
    }
    return task;
  };
  return {
    SendTaskSuccess: operation({
      input: z.strictObject({ taskToken: TaskTokenSchema, output: PayloadSchema }),
      action: "states:SendTaskSuccess",
      run: ({ taskToken, output }, call) => {
        const json = parseJsonText(output);
        if (json === undefined) {
          throw new AwsError("InvalidOutput", "Invalid Output: 'The output is not valid JSON'");
        }
        pendingTask(taskToken, call).succeed(json);
        return {};
      },
    }),

    SendTaskFailure: operation({
      input: z.strictObject({ taskToken: TaskTokenSchema, error: ErrorSchema, cause: CauseSchema }),
      action: "states:SendTaskFailure",
      run: ({ taskToken, error, cause }, call) => {
        pendingTask(taskToken, call).fail(error, cause);
        return {};
      },
    }),

    SendTaskHeartbeat: operation({
      input: z.strictObject({ taskToken: TaskTokenSchema }),
      action: "states:SendTaskHeartbeat",
      run: ({ taskToken }, call) => {
        pendingTask(taskToken, call).heartbeat();
        return {};
      },
    }),
  };
}
