import * as z from "zod";
import { checkFlags, parseFlags } from "../command-line.ts";

const OptionsSchema = z.object({
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS Region, for example eu-west-1")
    .optional(),
  profile: z.string().min(1, "must be a profile of your AWS configuration").optional(),
  "management-profile": z.string().min(1, "must be a profile of your AWS configuration").optional(),
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

Ends with 0 if nothing is to do now, also if some checks could not be made (said at the end); 1 if something is to do;
2 if called wrongly.
`;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

/** @throws {UsageError} an option is unknown or its value is not valid. */
export function parseOptions(args: string[]): Options {
  const flags = parseFlags(
    args,
    {
      region: text,
      profile: text,
      "management-profile": text,
      "stage-profile": { type: "string", multiple: true },
      json: flag,
      help: flag,
    },
    usage,
  );
  return checkFlags(flags, OptionsSchema, usage);
}
