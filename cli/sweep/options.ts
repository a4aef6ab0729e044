import * as z from "zod";
import { ProfileSchema, RegionSchema, checkFlags, flag, parseFlags, text } from "../command-line.ts";

const OptionsSchema = z.object({
  "dry-run": z.boolean().default(false),
  region: RegionSchema.optional(),
  profile: ProfileSchema.optional(),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

/** What `npm run sweep` can be told. */
export const usage = `Usage: npm run sweep -- [options]

Compares every card with what it should be, now, and starts a promotion for each that differs. Shows which, and in what.

  --dry-run        only show which cards differ: start nothing, announce nothing
  --profile NAME   AWS profile of the model card account (else AWS's usual variables and files)
  --region NAME    Region of the cards (deployment.region of lifecycle.config.ts)
  --json           one JSON object instead of words
  --help           this text

Exits with 0 if every card was compared, and in a dry run none differs; 1 if one differs in a dry run, one could not be
compared, or the sweep did not come to its end; 2 if it was called wrongly or the settings are wrong.
`;

/** @throws {UsageError} an option is unknown or its value is not valid. */
export function parseOptions(args: string[]): z.output<typeof OptionsSchema> {
  const options = { "dry-run": flag, region: text, profile: text, json: flag, help: flag };
  return checkFlags(parseFlags(args, options, usage), OptionsSchema, usage);
}
