import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import * as z from "zod";
import { CardwayError } from "../../functions/errors.ts";
import { cardKeyPolicyStatements } from "../../stacks/definitions/card-key-policy.ts";
import { largestInlineTemplateBytes, memberTemplate } from "../../stacks/definitions/member-template.ts";
import {
  longestServiceControlPolicy,
  serviceControlPolicy,
} from "../../stacks/definitions/service-control-policy.ts";
import { type Context, type ExitCode, defineCommand } from "../command.ts";

const OptionsSchema = z
  .object({
    serviceControlPolicy: z.boolean().default(false),
    cardKeyPolicy: z.boolean().default(false),
    out: z.string().min(1, "must be a file").optional(),
  })
  .refine(({ serviceControlPolicy: one, cardKeyPolicy: other }) => !(one && other), {
    path: ["serviceControlPolicy"],
    message: "this and --card-key-policy are two documents: ask for one at a time",
  });

export const memberTemplateCommand = defineCommand({
  syntax: "member-template",
  summary: "what stage accounts need, from the settings",
  description:
    "By default one CloudFormation template for a StackSet over all of them. It is JSON in any case, and no account is asked.",
  exitsWith1: "the settings name nothing for it, or the file cannot be written",
  options: [
    ["--service-control-policy", "the service control policy for accounts that only read cards"],
    ["--card-key-policy", "the statements for the key policies of the cards' own keys"],
    ["--out <file>", "write it there instead"],
  ],
  schema: OptionsSchema,
  run,
});

/** The file system does not take the file. */
class FileNotWrittenError extends CardwayError {
  override readonly name = "FileNotWrittenError";
}

async function run(options: z.output<typeof OptionsSchema>, context: Context): Promise<ExitCode> {
  const text = textOf(options, context);
  if (options.out === undefined) {
    context.write(text);
    return 0;
  }
  try {
    // The program runs in the package's folder, wherever it was called.
    writeFileSync(resolve(context.environment["INIT_CWD"] ?? "", options.out), text);
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    throw new FileNotWrittenError(error.message, { cause: error });
  }
  return 0;
}

function textOf(
  { serviceControlPolicy: isPolicy, cardKeyPolicy }: z.output<typeof OptionsSchema>,
  { settings, writeError }: Pick<Context, "settings" | "writeError">,
): string {
  if (isPolicy) {
    const policy = serviceControlPolicy(settings);
    const readable = json(policy);
    return readable.length <= longestServiceControlPolicy ? readable : `${JSON.stringify(policy)}\n`;
  }
  if (cardKeyPolicy) return json(cardKeyPolicyStatements(settings));
  const template = json(memberTemplate(settings));
  const bytes = Buffer.byteLength(template);
  if (bytes > largestInlineTemplateBytes) {
    writeError(
      `The template has ${bytes} bytes. CloudFormation takes more than ${largestInlineTemplateBytes} only from S3: upload it there and name its URL (--template-url).\n`,
    );
  }
  return template;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
