import * as z from "zod";
import { agreed, assertAskable, perform, yesOption } from "../acts.ts";
import { type Context, type ExitCode, defineCommand } from "../command.ts";
import { deadLetters } from "../dead-letters/dead-letters.ts";

const OptionsSchema = z.object({
  redrive: z.boolean().default(false),
  discard: z.array(z.guid("must be the id of a message, as the list shows it")).default([]),
  yes: z.boolean().default(false),
});

export const deadLettersCommand = defineCommand({
  syntax: "dead-letters",
  summary: "events that EventBridge could not deliver, why, and what to do",
  description: "Changes nothing unless told to.",
  exitsWith1:
    "a queue could not be read, or a message was not found or could not be re-driven or discarded (said at the end)",
  options: [
    ["--redrive", "start what each event should have started, and delete it once that has started"],
    ["--discard <id...>", "delete these messages without starting anything"],
    yesOption,
  ],
  schema: OptionsSchema,
  run,
});

async function run(
  { redrive, discard, yes }: z.output<typeof OptionsSchema>,
  context: Context,
): Promise<ExitCode> {
  const { json, write, progress, newId } = context;
  if (redrive || discard.length > 0) assertAskable(yes, context);
  const connection = await context.connect();
  return deadLetters(
    { redrive, discard, json },
    {
      access: connection.access,
      deployment: connection.deployment,
      write,
      screen: context.screen,
      agree: (will) => agreed(will, yes, connection, context),
      recordDiscard: (messages) =>
        perform({ act: "discard-dead-letters", actId: newId(), messages }, connection),
      start: (act) => perform(act, connection),
      progress,
      waitSeconds: context.queueWaitSeconds,
    },
  );
}
