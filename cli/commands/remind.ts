import * as z from "zod";
import { carryOut, yesOption } from "../acts.ts";
import { defineCommand } from "../command.ts";
import { RequestSchema, requestNamed } from "../names.ts";

export const remindCommand = defineCommand({
  syntax: "remind <request>",
  summary: "mail those again who have not answered an approval request",
  description: "A request is named by its id, or by its card.",
  exitsWith1: "there is no such open request",
  options: [yesOption],
  schema: z.object({ request: RequestSchema, yes: z.boolean().default(false) }),
  async run({ request, yes }, context) {
    const connection = await context.connect();
    const requestId = await requestNamed(request, connection.sources);
    return carryOut(
      { act: "remind", actId: context.newId(), requestId },
      { will: `Those who have not answered request ${requestId} are reminded by mail`, done: "Reminded." },
      { yes },
      connection,
      context,
    );
  },
});
