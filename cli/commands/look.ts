import * as z from "zod";
import { cardArnOf } from "../../queries/card.ts";
import { carryOut, yesOption } from "../acts.ts";
import { defineCommand } from "../command.ts";
import { CardSchema } from "../names.ts";

export const lookCommand = defineCommand({
  syntax: "look <card>",
  summary: "look at one card now, and do what its status calls for",
  exitsWith1: "it cannot be started",
  options: [yesOption],
  schema: z.object({ card: CardSchema, yes: z.boolean().default(false) }),
  async run({ card, yes }, context) {
    const connection = await context.connect();
    const modelCardArn = cardArnOf(card, connection.sources);
    return carryOut(
      { act: "look", actId: context.newId(), modelCardArn },
      { will: `A promotion is started for ${card}`, done: "Started." },
      { yes },
      connection,
      context,
    );
  },
});
