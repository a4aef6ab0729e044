import type { Settings } from "../../functions/lifecycle/settings.ts";
import { stageAccounts, stageNamesOf } from "../../functions/lifecycle/stage-accounts.ts";
import { UsageError } from "../command-line.ts";
import type { StageAccount } from "./judge-roles.ts";

/** Every stage account once, in the order in which cards pass them. */
export function stageAccountsOf(settings: Settings): StageAccount[] {
  return stageAccounts(settings).map((accountId) => ({
    accountId,
    stages: stageNamesOf(accountId, settings),
  }));
}

/**
 * Profiles by account id, of `--stage-profile` flags such as `prod=cards-prod`.
 *
 * @throws {UsageError} a flag has another form, or names no stage, several accounts, or an account twice.
 */
export function stageProfiles(flags: readonly string[], settings: Settings): Map<string, string> {
  const accounts = stageAccountsOf(settings);
  const profiles = new Map<string, string>();
  for (const flag of flags) {
    const [, name = "", profile = ""] = /^([^=]+)=(.+)$/.exec(flag) ?? [];
    if (name === "") throw new UsageError(`--stage-profile ${flag}: write it as STAGE=PROFILE`);
    const named = accounts.filter(
      ({ accountId, stages }) =>
        accountId === name || stages.includes(name) || isStageIn(accountId, name, settings),
    );
    const [account, ...others] = named;
    if (account === undefined) {
      const known = accounts.flatMap(({ stages }) => stages).join(", ");
      throw new UsageError(`--stage-profile ${flag}: there is no stage ${name}; there are: ${known}`);
    }
    if (others.length > 0) {
      const names = named.map(({ stages }) => stages[0]).join(", ");
      throw new UsageError(
        `--stage-profile ${flag}: lifecycles have different accounts for ${name}; name one of ${names} instead`,
      );
    }
    if (profiles.has(account.accountId)) {
      throw new UsageError(`--stage-profile ${flag}: account ${account.accountId} has a profile already`);
    }
    profiles.set(account.accountId, profile);
  }
  return profiles;
}

function isStageIn(accountId: string, name: string, { lifecycles }: Settings): boolean {
  return lifecycles.some(({ stages }) =>
    stages.some((stage) => stage.name === name && stage.accountId === accountId),
  );
}
