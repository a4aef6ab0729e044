import * as z from "zod";
import { carryOut, nameOfExecution, yesOption } from "../acts.ts";
import { defineCommand } from "../command.ts";
import { ExecutionSchema, executionNamed } from "../names.ts";

export const redriveCommand = defineCommand({
  syntax: "redrive <execution>",
  summary: "start a failed execution over, with the card as it is now",
  description:
    "Do this once the cause is gone; cardway execution says what it was. An execution is named by its ARN, its name, or how that begins.",
  exitsWith1: "it cannot be redriven",
  options: [yesOption],
  schema: z.object({ execution: ExecutionSchema, yes: z.boolean().default(false) }),
  async run({ execution, yes }, context) {
    const connection = await context.connect();
    const executionArn = await executionNamed(execution, connection.sources);
    return carryOut(
      { act: "redrive", actId: context.newId(), executionArn },
      { will: `The execution ${nameOfExecution(executionArn)} starts over`, done: "Redriven." },
      { yes },
      connection,
      context,
    );
  },
});
