import * as z from "zod";
import { RegionSchema, checkFlags, flag, parseFlags, text } from "../cli/command-line.ts";

const port = z.coerce.number({ error: "must be a port number from 0 to 65535" }).int().min(0).max(65_535);
const delayMs = z.coerce
  .number({ error: "must be a number of milliseconds, a day at most" })
  .int()
  .min(0)
  .max(86_400_000);

const outsideAccounts = z
  .array(z.string())
  .refine(
    (ids) => ids.every((id) => /^\d{12}$/.test(id)),
    "must be a 12-digit AWS account id, without dashes",
  );

const OptionsSchema = z.object({
  "aws-port": port.default(4566),
  "web-port": port.default(4567),
  region: RegionSchema.default("us-east-1"),
  json: z.boolean().default(false),
  yes: z.boolean().default(false),
  idle: z.boolean().default(false),
  logs: z.boolean().default(false),
  "console-role": z
    .enum(["operator", "auditor"], { error: "must be operator or auditor" })
    .default("operator"),
  data: z.string().min(1, "must be a directory").optional(),
  "outside-account": outsideAccounts.default([]),
  help: z.boolean().default(false),
  "association-delay-ms": delayMs.default(0),
  "event-delay-ms": delayMs.default(0),
});

export type Options = z.output<typeof OptionsSchema>;

/** What `npm start` can be told. */
export const usage = `Usage: npm start -- [options]

Starts the AWS services and the web pages on this machine, and plays how one card gets from Draft to production.

  --yes                       approve at the approval page without asking, and exit when production is confirmed
  --idle                      start the services and play nothing
  --json                      one JSON object a line instead of words
  --aws-port N                port of the AWS endpoint (4566; 0 takes any free one)
  --web-port N                port of the web pages (4567; 0 takes any free one)
  --region NAME               Region of the story and of unsigned pages (us-east-1)
  --association-delay-ms N    how long RAM takes for an association (0)
  --event-delay-ms N          how long AWS events take to arrive (0)
  --outside-account ID        an account that is not in the organisation, so that RAM invites it; once for each
  --console-role ROLE         what you may do in the operations console: operator (may act) or auditor (may only look)
  --logs                      print the functions' own logs
  --data DIR                  keep everything in this directory and go on from there; without it, in memory only
  --help                      this text

Exits with 0 if all went well; 1 if the story failed or a port is in use; 2 if it was called wrongly, the settings are wrong
or the directory cannot be used.
`;

/** @throws {UsageError} an option is unknown or its value is not valid. */
export function parseOptions(args: string[]): Options {
  const flags = parseFlags(
    args,
    {
      "aws-port": text,
      "web-port": text,
      region: text,
      json: flag,
      yes: flag,
      idle: flag,
      logs: flag,
      "console-role": text,
      data: text,
      "outside-account": { ...text, multiple: true },
      help: flag,
      "association-delay-ms": text,
      "event-delay-ms": text,
    },
    usage,
  );
  return checkFlags(flags, OptionsSchema, usage);
}
