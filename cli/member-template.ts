import { writeFileSync } from "node:fs";
import { ConfigurationError } from "../functions/errors.ts";
import type { Settings } from "../functions/lifecycle/settings.ts";
import { UsageError, parseFlags } from "./command-line.ts";
import { cardKeyPolicyStatements } from "../stacks/definitions/card-key-policy.ts";
import { largestInlineTemplateBytes, memberTemplate } from "../stacks/definitions/member-template.ts";
import {
  longestServiceControlPolicy,
  serviceControlPolicy,
} from "../stacks/definitions/service-control-policy.ts";

const usage = `Usage: npm run member-template -- [options]

Prints what stage accounts need, from lifecycle.config.ts: by default one CloudFormation template for a StackSet over all of them.

  --service-control-policy    the service control policy for accounts that only read cards
  --card-key-policy           the statements for the key policies of the cards' own keys
  --out FILE                  write it there instead
  --help                      this text
`;

/** @throws {UsageError} what cannot be understood. */
function parse(args: string[]) {
  const flags = parseFlags(
    args,
    {
      "service-control-policy": { type: "boolean", default: false },
      "card-key-policy": { type: "boolean", default: false },
      out: { type: "string" },
      help: { type: "boolean", default: false },
    },
    usage,
  );
  if (flags["service-control-policy"] && flags["card-key-policy"]) {
    throw new UsageError(
      `--service-control-policy and --card-key-policy are two documents: ask for one at a time.\n\n${usage}`,
    );
  }
  return flags;
}

function textOf(options: ReturnType<typeof parse>, settings: Settings): string {
  if (options["service-control-policy"]) {
    const policy = serviceControlPolicy(settings);
    const readable = json(policy);
    return readable.length <= longestServiceControlPolicy ? readable : `${JSON.stringify(policy)}\n`;
  }
  if (options["card-key-policy"]) return json(cardKeyPolicyStatements(settings));
  const template = json(memberTemplate(settings));
  const bytes = Buffer.byteLength(template);
  if (bytes > largestInlineTemplateBytes) {
    process.stderr.write(
      `The template has ${bytes} bytes. CloudFormation takes more than ${largestInlineTemplateBytes} only from S3: upload it there and name its URL (--template-url).\n`,
    );
  }
  return template;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

try {
  const options = parse(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(usage);
  } else {
    const { default: settings } = await import("../lifecycle.config.ts");
    const text = textOf(options, settings);
    if (options.out === undefined) process.stdout.write(text);
    else writeFileSync(options.out, text);
  }
} catch (error) {
  const isExpected =
    error instanceof UsageError ||
    error instanceof ConfigurationError ||
    (error instanceof Error && "syscall" in error);
  if (!isExpected) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
