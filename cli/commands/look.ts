import * as z from "zod";
import { readCardDetail } from "../../queries/card.ts";
import { carryOut, yesOption } from "../acts.ts";
import { noSuchCard } from "../card-words.ts";
import { defineCommand } from "../command.ts";
import { CardSchema } from "../names.ts";

export const lookCommand = defineCommand({
  syntax: "look <card>",
  summary: "look at one card now, and do what its status calls for",
  exitsWith1: "it cannot be started, or there is no such card",
  options: [yesOption],
  schema: z.object({ card: CardSchema, yes: z.boolean().default(false) }),
  async run({ card, yes }, context) {
    const connection = await context.connect();
    // What is looked at is on record for good, so a name that is misspelt must not be.
    const detail = await readCardDetail(card, connection.sources, { executions: 0 });
    if (detail === undefined) throw noSuchCard(card, connection.place);
    return carryOut(
      { act: "look", actId: context.newId(), modelCardArn: detail.card.modelCardArn },
      { will: `A promotion is started for ${card}`, done: "Started." },
      { yes },
      connection,
      context,
    );
  },
});
