import { ConfigurationError } from "../errors.ts";
import type { Settings } from "./settings.ts";

/**
 * What an account is to model cards: it owns them, or it is a stage where people write them from Draft on, only work on them
 * once they are in review, or only read them. To several lifecycles it can be several things.
 */
export type AccountKind = "model-card" | "stage" | "authoring" | "validating" | "reading";

/** The SST stage of the model card account: one, because its names are fixed, and a second would take over the first's. */
const modelCardAccountStage = "production";

/** The accounts of all stages, each once, in the order of the settings. */
export function stageAccounts({ lifecycles }: Pick<Settings, "lifecycles">): string[] {
  return [...new Set(lifecycles.flatMap(({ stages }) => stages.map(({ accountId }) => accountId)))];
}

/** What a stage account is; nothing for an account that the settings do not name. */
export function stageAccountKinds(
  accountId: string,
  { lifecycles }: Pick<Settings, "lifecycles">,
): AccountKind[] {
  const stages = lifecycles.flatMap(({ stages }) => stages.filter((stage) => stage.accountId === accountId));
  const kinds = stages.flatMap(({ access }): AccountKind[] => {
    const accesses = Object.values(access);
    if (accesses.includes("read-only")) return ["stage", "reading"];
    if (!accesses.includes("read-write")) return ["stage"];
    return ["stage", access.Draft === "read-write" ? "authoring" : "validating"];
  });
  return [...new Set(kinds)];
}

/**
 * The stage account that an SST stage name stands for: `dev-account` for the stage `dev`, `fraud-dev-account` for the one of
 * the lifecycle `fraud` where several lifecycles mean different accounts by `dev`, `222222222222-account` always.
 *
 * @returns nothing for `production`: that is the deployment of the model card account.
 * @throws {ConfigurationError} any other name that stands for no account or for several; it lists those that do.
 */
export function stageAccountOf(
  stageName: string,
  settings: Pick<Settings, "lifecycles">,
): string | undefined {
  if (stageName === modelCardAccountStage) return undefined;
  const names = accountNames(settings);
  const [accountId, ...others] = names.get(stageName) ?? [];
  if (accountId !== undefined && others.length === 0) return accountId;
  const problem =
    accountId === undefined
      ? `is neither ${modelCardAccountStage}, which is the model card account, nor the name of a stage account`
      : `could be each of the accounts ${[accountId, ...others].join(", ")}`;
  const valid = [...names].filter(([, accounts]) => accounts.size === 1).map(([name]) => name);
  throw new ConfigurationError(`--stage ${stageName} ${problem}. Stage accounts are: ${valid.join(", ")}.`);
}

/**
 * The accounts that an SST stage name may touch. None is named for a stage account that the settings do not know any more: it
 * can still be removed, while {@link stageAccountOf} refuses to deploy it.
 */
export function deployableAccounts(
  stageName: string,
  settings: Pick<Settings, "lifecycles" | "modelCardAccountId">,
): string[] {
  if (!stageName.endsWith("-account")) return [settings.modelCardAccountId];
  return [...(accountNames(settings).get(stageName) ?? [])];
}

/**
 * What people call the stages of an account: by their names, and by their lifecycles' too where one name means several
 * accounts. With `-account` behind it each is a name for {@link stageAccountOf}.
 */
export function stageNamesOf(accountId: string, settings: Pick<Settings, "lifecycles">): string[] {
  const names = accountNames(settings);
  const plain = settings.lifecycles.flatMap(({ name: lifecycle, stages }) =>
    stages
      .filter((stage) => stage.accountId === accountId)
      .map(({ name }) =>
        [name, `${lifecycle}-${name}`].find((part) => names.get(`${part}-account`)?.size === 1),
      ),
  );
  return [...new Set(plain.map((name) => name ?? accountId))];
}

/** Every name of a stage account, and all the accounts that it could mean. */
function accountNames({ lifecycles }: Pick<Settings, "lifecycles">): Map<string, Set<string>> {
  const names = new Map<string, Set<string>>();
  for (const { name: lifecycle, stages } of lifecycles) {
    for (const { name: stage, accountId } of stages) {
      for (const part of [stage, `${lifecycle}-${stage}`, accountId]) {
        const name = `${part}-account`;
        names.set(name, (names.get(name) ?? new Set<string>()).add(accountId));
      }
    }
  }
  return names;
}
