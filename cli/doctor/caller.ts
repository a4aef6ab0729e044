import { GetCallerIdentityCommand } from "@aws-sdk/client-sts";
import { type Access, quoted } from "../access.ts";
import type { Clients } from "./clients.ts";
import { type Finding, ok, toDo } from "../finding.ts";
import { type Reading, read, unseenFinding } from "../reading.ts";

/** The account whose credentials these are. @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export function readCaller({ sts }: Pick<Clients, "sts">): Promise<Reading<string>> {
  return read("sts:GetCallerIdentity", async () => {
    const { Account = "" } = await sts.send(new GetCallerIdentityCommand({}));
    return Account;
  });
}

/**
 * Whether the credentials are those of the account that they are meant for.
 *
 * @param place.flag - The flag that names other credentials, as a person writes it.
 */
export function judgeCaller(
  check: string,
  caller: Reading<string>,
  place: { accountId: string; access: Access; flag: string },
): Finding {
  const { accountId, access, flag } = place;
  if ("seen" in caller) {
    if (caller.seen === accountId) {
      return ok(check, `The credentials are those of account ${accountId}, in ${access.region}.`);
    }
    return toDo(
      check,
      `The credentials are those of account ${caller.seen}, not of ${accountId}.`,
      `Run this with credentials of ${accountId} (${flag}), or correct the account in lifecycle.config.ts.`,
    );
  }
  // Anybody may make this call. Where even that fails, perhaps nothing is checked, which must not pass for success.
  if (caller.unseen.why !== "no credentials")
    return { ...unseenFinding(check, caller.unseen), status: "to do" };
  return toDo(
    check,
    `There are no valid credentials (${caller.unseen.errorName}).`,
    `Sign in to account ${accountId}, or name a profile that is signed in (${flag}).`,
    access.profile === undefined ? "aws configure list" : `aws sso login --profile ${quoted(access.profile)}`,
  );
}

/** Whether looking further with these credentials says something about the account: not if they are none, or another's. */
export function isUsable(caller: Reading<string>, accountId: string): boolean {
  return "seen" in caller ? caller.seen === accountId : caller.unseen.why !== "no credentials";
}
