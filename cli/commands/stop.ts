import * as z from "zod";
import { carryOut, nameOfExecution, yesOption } from "../acts.ts";
import { defineCommand } from "../command.ts";
import { ExecutionSchema, executionNamed } from "../names.ts";

export const stopCommand = defineCommand({
  syntax: "stop <execution>",
  summary: "stop an execution that runs",
  description:
    "The next sweep looks at its card again. An execution is named by its ARN, its name, or how that begins.",
  exitsWith1: "it cannot be stopped",
  options: [yesOption],
  schema: z.object({ execution: ExecutionSchema, yes: z.boolean().default(false) }),
  async run({ execution, yes }, context) {
    const connection = await context.connect();
    const executionArn = await executionNamed(execution, connection.sources);
    return carryOut(
      { act: "stop", actId: context.newId(), executionArn },
      {
        will: `The execution ${nameOfExecution(executionArn)} is stopped, and its card is looked at again by the next sweep`,
        done: "Stopped.",
      },
      { yes },
      connection,
      context,
    );
  },
});
