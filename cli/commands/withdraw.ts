import * as z from "zod";
import { carryOut, yesOption } from "../acts.ts";
import { defineCommand } from "../command.ts";
import { RequestSchema, requestNamed } from "../names.ts";

export const withdrawCommand = defineCommand({
  syntax: "withdraw <request>",
  summary: "end an approval request without a decision",
  description:
    "Everybody who was asked hears of it, and their links decide nothing any more. The card stays in review, and nobody is asked about it again until it was back in Draft or is edited. A request is named by its id, or by its card.",
  exitsWith1: "there is no such open request",
  options: [yesOption],
  schema: z.object({ request: RequestSchema, yes: z.boolean().default(false) }),
  async run({ request, yes }, context) {
    const connection = await context.connect();
    const requestId = await requestNamed(request, connection.sources);
    return carryOut(
      { act: "withdraw", actId: context.newId(), requestId },
      {
        will: `Request ${requestId} ends without a decision, and those who were asked are told`,
        done: "Withdrawn.",
      },
      { yes },
      connection,
      context,
    );
  },
});
