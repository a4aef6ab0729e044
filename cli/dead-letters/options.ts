import * as z from "zod";
import { ProfileSchema, RegionSchema, checkFlags, flag, parseFlags, text, texts } from "../command-line.ts";

const OptionsSchema = z.object({
  region: RegionSchema.optional(),
  profile: ProfileSchema.optional(),
  redrive: z.boolean().default(false),
  discard: z.array(z.guid("must be the id of a message, as the list shows it")).default([]),
  yes: z.boolean().default(false),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

export type Options = z.output<typeof OptionsSchema>;

/** What `npm run dead-letters` can be told. */
export const usage = `Usage: npm run dead-letters -- [options]

Lists the events that EventBridge could not deliver, says why, and what to do. Changes nothing unless told to.

  --redrive        start what each event should have started, and delete it once that has started
  --discard ID     delete this message without starting anything; once for each message
  --yes            do not ask before --redrive and --discard
  --profile NAME   AWS profile of the model card account (else AWS's usual variables and files)
  --region NAME    Region to look in (deployment.region of lifecycle.config.ts)
  --json           one JSON object instead of words; with --redrive and --discard it needs --yes
  --help           this text

Exits with 0 if all went well; 1 if a queue could not be read, or a message was not found or could not be re-driven or
discarded (said at the end); 2 if it was called wrongly or the settings are wrong.
`;

/** @throws {UsageError} an option is unknown or its value is not valid. */
export function parseOptions(args: string[]): Options {
  const flags = parseFlags(
    args,
    {
      region: text,
      profile: text,
      redrive: flag,
      discard: texts,
      yes: flag,
      json: flag,
      help: flag,
    },
    usage,
  );
  return checkFlags(
    flags,
    OptionsSchema.refine(
      ({ json, yes, redrive, discard }) => !json || yes || !(redrive || discard.length > 0),
      {
        path: ["json"],
        message: "add --yes, as nothing is asked where machines read the answer",
      },
    ),
    usage,
  );
}
