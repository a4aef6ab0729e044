import * as z from "zod";
import { ProfileSchema } from "../command-line.ts";
import { type Context, type ExitCode, defineCommand } from "../command.ts";
import { examine } from "../doctor/examine.ts";
import { exitCodeOf, reportJson, reportWords } from "../doctor/report.ts";
import { stageAccountsOf, stageProfiles } from "../doctor/stage-accounts.ts";

const OptionsSchema = z.object({
  managementProfile: ProfileSchema.optional(),
  stageProfile: z.array(z.string()).default([]),
});

export const doctorCommand = defineCommand({
  syntax: "doctor",
  summary: "settings, roles, quotas, mail and event delivery: what is wrong, and what to do",
  description:
    "Looks, without changing anything, at what a deploy needs in real accounts and at what it made. Checks that could not be made are told and fail nothing.",
  exitsWith1: "something is to do",
  options: [
    ["--stage-profile <stage=name...>", "AWS profile of a stage's account, to check its roles"],
    [
      "--management-profile <name>",
      "AWS profile of the organisation's management account, to check RAM's sharing",
    ],
  ],
  schema: OptionsSchema,
  run,
});

async function run(
  { managementProfile, stageProfile }: z.output<typeof OptionsSchema>,
  context: Context,
): Promise<ExitCode> {
  const { settings, access, accessTo, choice, now, json, write } = context;
  const { region, local } = choice;
  const profiles = stageProfiles(stageProfile, settings);
  const stages = stageAccountsOf(settings).filter(
    // At the local endpoint every account is at hand.
    ({ accountId }) => local !== undefined || profiles.has(accountId),
  );
  const findings = await examine(settings, {
    modelCardAccount: access,
    ...(managementProfile !== undefined && {
      managementAccount: accessTo({ accountId: "", region, profile: managementProfile }),
    }),
    stageAccounts: new Map(
      stages.map(({ accountId }) => [
        accountId,
        accessTo({ accountId, region, local, profile: profiles.get(accountId) }),
      ]),
    ),
    now,
  });
  const place = { accountId: settings.modelCardAccountId, region };
  write(json ? reportJson(findings, place) : reportWords(findings, place, context.screen));
  return exitCodeOf(findings);
}
