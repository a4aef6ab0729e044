import * as z from "zod";
import { ProfileSchema, RegionSchema, checkFlags, flag, parseFlags, text, texts } from "../command-line.ts";

const OptionsSchema = z.object({
  region: RegionSchema.optional(),
  profile: ProfileSchema.optional(),
  "management-profile": ProfileSchema.optional(),
  "stage-profile": z.array(z.string()).default([]),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

export type Options = z.output<typeof OptionsSchema>;

/** What `npm run preflight` can be told. */
export const usage = `Usage: npm run preflight -- [options]

Looks, without changing anything, at what a deploy needs in real accounts, and says what to do.

  --profile NAME                 AWS profile of the model card account (else AWS's usual variables and files)
  --stage-profile STAGE=NAME     AWS profile of a stage's account, to check its roles; once for each stage
  --management-profile NAME      AWS profile of the organisation's management account, to check RAM's sharing
  --region NAME                  Region to look in (deployment.region of lifecycle.config.ts)
  --json                         one JSON object instead of words
  --help                         this text

Exits with 0 if nothing is to do now, also if some checks could not be made (said at the end); 1 if something is to do;
2 if it was called wrongly or the settings are wrong.
`;

/** @throws {UsageError} an option is unknown or its value is not valid. */
export function parseOptions(args: string[]): Options {
  const flags = parseFlags(
    args,
    {
      region: text,
      profile: text,
      "management-profile": text,
      "stage-profile": texts,
      json: flag,
      help: flag,
    },
    usage,
  );
  return checkFlags(flags, OptionsSchema, usage);
}
