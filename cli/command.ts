import type { Command } from "commander";
import * as z from "zod";
import { ConfigurationError } from "../functions/errors.ts";
import type { Settings } from "../functions/lifecycle/settings.ts";
import { type Access, localEndpoint } from "./access.ts";
import { ProfileSchema, RegionSchema, UsageError } from "./command-line.ts";
import { type Connection, connect } from "./connection.ts";
import type { Place } from "./place.ts";
import { sentenceOf } from "./refusals.ts";
import type { World } from "./world.ts";

/** How a command ended: all is well; something needs a person, differs or failed; it was called wrongly. */
export type ExitCode = 0 | 1 | 2;

/** A command of `cardway`. */
export interface CommandDefinition<Schema extends z.ZodType> {
  /** Its name and arguments, as commander reads them, for example `card <card>`. */
  syntax: string;
  /** One line, for the list of commands. */
  summary: string;
  /** More about it, for its own help. */
  description?: string;
  /** When it exits with 1; for its own help. */
  exitsWith1: string;
  /** Flags and what they do. */
  options?: readonly (readonly [flags: string, description: string])[];
  /** Of arguments and flags, by their names in camel case. */
  schema: Schema;
  run(input: z.output<Schema>, context: Context): Promise<ExitCode>;
  /** Commands below it. */
  commands?: readonly AddCommand[];
}

/** Puts a command below another one; `end` is told how it ended. */
export type AddCommand = (parent: Command, world: World, end: (code: ExitCode) => void) => void;

/** What a command runs with. */
export interface Context extends World {
  settings: Settings;
  /** Whether a machine reads the answer. */
  json: boolean;
  choice: { region: string; profile?: string | undefined; local?: string | undefined };
  /** How the calls into the model card account are made. */
  access: Access;
  /** Whether that is another endpoint than AWS's own. */
  isLocal: boolean;
  /** @throws {NotConnectedError} there are no credentials of the model card account. */
  connect(): Promise<Connection>;
  /** Writes an answer: as JSON for machines, else in words. */
  answer(value: object, words: () => string): void;
}

const CommonSchema = z.object({
  json: z.boolean().default(false),
  profile: ProfileSchema.optional(),
  region: RegionSchema.optional(),
  local: z
    .union([z.literal(true).transform(() => localEndpoint), z.url("must be the address of an endpoint")])
    .optional(),
});

/** Flags of every command. */
export const commonOptions: readonly (readonly [flags: string, description: string])[] = [
  ["--json", "one JSON object instead of words"],
  ["--profile <name>", "profile of your AWS configuration (else AWS's usual variables and files)"],
  ["--region <name>", "Region of the cards (else AWS_REGION, then deployment.region of the settings)"],
  ["--local [url]", `what npm start runs, at ${localEndpoint} if no other address is given`],
];

/** Makes a command of its definition. */
export function defineCommand<Schema extends z.ZodType>(definition: CommandDefinition<Schema>): AddCommand {
  return (parent, world, end) => {
    const { syntax, summary, description, exitsWith1, options = [], schema, commands = [] } = definition;
    const command = parent.command(syntax).summary(summary);
    command.showHelpAfterError(`(${helpOf(command)} says what it takes.)`);
    command.description([sentence(summary), description ?? []].flat().join(" "));
    for (const option of options) command.option(...option);
    command.optionsGroup("Options of every command:");
    for (const option of commonOptions) command.option(...option);
    command.addHelpText(
      "after",
      `\nExits with 0 if all went well; 1 if ${exitsWith1}; 2 if it was called wrongly or the settings are wrong.`,
    );
    command.action(async () => {
      let place: Place | undefined;
      try {
        const given = inputOf(command);
        const common = checked(CommonSchema, given, command);
        const input = checked(schema, given, command);
        const context = await contextOf(common, world);
        place = { accountId: context.settings.modelCardAccountId, region: context.choice.region };
        end(await definition.run(input, context));
      } catch (error) {
        world.progress.end();
        if (!(error instanceof Error)) throw error;
        world.writeError(`${sentenceOf(error, place) ?? error.stack ?? error.message}\n`);
        end(error instanceof UsageError || error instanceof ConfigurationError ? 2 : 1);
      }
    });
    if (commands.length > 0) command.enablePositionalOptions();
    for (const add of commands) add(command, world, end);
  };
}

/** Arguments by name, and flags: those in front of the command's name, too. */
function inputOf(command: Command): Record<string, unknown> {
  const before: Record<string, unknown> = command.parent === null ? {} : inputOf(command.parent);
  const own: Record<string, unknown> = command.opts();
  const args = command.registeredArguments.map((argument, index) => [
    argument.name(),
    command.processedArgs[index],
  ]);
  return { ...before, ...own, ...Object.fromEntries(args) };
}

function checked<Schema extends z.ZodType>(
  schema: Schema,
  given: object,
  command: Command,
): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const names = new Set(command.registeredArguments.map((argument) => argument.name()));
  const faults = parsed.error.issues.map(({ path, message }) => {
    const name = String(path[0] ?? "");
    return `${names.has(name) ? name.toUpperCase() : `--${kebab(name)}`}: ${message}`;
  });
  throw new UsageError(`${faults.join("\n")}\n(${helpOf(command)} says what it takes.)`);
}

/** `cardway audit verify --help` */
function helpOf(command: Command): string {
  const names: string[] = [];
  for (let one: Command | null = command; one !== null; one = one.parent) names.unshift(one.name());
  return `${names.join(" ")} --help`;
}

async function contextOf(common: z.output<typeof CommonSchema>, world: World): Promise<Context> {
  const { json, profile, local } = common;
  const { AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL } = world.environment;
  const settings = await world.loadSettings();
  const region = common.region ?? AWS_REGION ?? AWS_DEFAULT_REGION ?? settings.deployment.region;
  const choice = { region, profile, local };
  const access = world.accessTo({ accountId: settings.modelCardAccountId, ...choice });
  return {
    ...world,
    settings,
    json,
    choice,
    access,
    isLocal: access.endpoint !== undefined || AWS_ENDPOINT_URL !== undefined,
    connect: () => connect(access, settings, world.now),
    answer(value, words) {
      world.write(json ? `${JSON.stringify(value, null, 2)}\n` : words());
    },
  };
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
