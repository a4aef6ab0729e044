import * as z from "zod";
import { checkFlags, parseFlags } from "../command-line.ts";

const OptionsSchema = z.object({
  "dry-run": z.boolean().default(false),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS Region, for example eu-west-1")
    .optional(),
  profile: z.string().min(1, "must be a profile of your AWS configuration").optional(),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

/** What `npm run sweep` can be told. */
export const usage = `Usage: npm run sweep -- [options]

Compares every card with what it should be, now, and starts the promotion of those that differ. Shows which, and in what.

  --dry-run        only says which cards differ: starts nothing, announces nothing
  --profile NAME   AWS profile of the model card account (else AWS's usual variables and files)
  --region NAME    Region of the cards (deployment.region of lifecycle.config.ts)
  --json           one JSON object instead of words
  --help           this text

Ends with 0 if every card was compared, and in a dry run none differs; 1 if one differs in a dry run, could not be compared,
or the sweep could not be run to its end; 2 if called wrongly.
`;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

/** @throws {UsageError} an option is unknown or its value is not valid. */
export function parseOptions(args: string[]): z.output<typeof OptionsSchema> {
  const options = { "dry-run": flag, region: text, profile: text, json: flag, help: flag };
  return checkFlags(parseFlags(args, options, usage), OptionsSchema, usage);
}
