import { setTimeout as wait } from "node:timers/promises";
import { createPromotionRecords } from "../../functions/aws/dynamodb.ts";
import type { Settings } from "../../functions/lifecycle/settings.ts";
import { tableName } from "../../stacks/definitions/deployment.ts";
import { systemClock } from "../clock.ts";
import type { LocalCloud } from "../cloud.ts";
import type { Options } from "../options.ts";
import { approveAt } from "./approver.ts";
import type { Tell } from "./step.ts";
import { type AccessProof, StoryFailedError, isProved, playStory } from "./story.ts";
import { formatTable } from "./table.ts";

/**
 * Plays the story in the running services and tells it, with the proof of what each account can do at its end.
 *
 * @returns in words what did not come out as it should; nothing where all is well.
 */
export async function tellStory({
  cloud,
  settings,
  awsUrl,
  webUrl,
  options,
  tell,
  write,
  signal,
}: {
  cloud: LocalCloud;
  settings: Settings;
  awsUrl: string;
  /** Where the pages answer now: a mail may be from before a restart on another port. */
  webUrl: string;
  options: Options;
  tell: Tell;
  write: (text: string) => void;
  signal: AbortSignal;
}): Promise<string | undefined> {
  const { region } = options;
  const records = createPromotionRecords(cloud.administratorRuntime(region), tableName);
  try {
    const proofs = await playStory({
      settings,
      region,
      awsUrl,
      tell,
      findLinks: (modelCardName) =>
        cloud.ses
          .messages()
          .filter(({ Subject }) => Subject.includes(modelCardName))
          .flatMap(({ Body }) => /https?:\/\/\S+\/approvals\/\S+/.exec(Body.text_part ?? "")?.[0] ?? [])
          .map((link) => new URL(new URL(link).pathname, webUrl).href),
      effectsOf: (modelCardArn) => records.effectsOf(modelCardArn),
      decide: options.yes ? approveAt : undefined,
      now: () => systemClock.now(),
      wait: (milliseconds) => wait(milliseconds, undefined, { signal }),
      signal,
    });
    const proved = isProved(proofs);
    if (options.json) tell({ step: "proved", message: "what each account can do", proved, proofs });
    else if (proofs.length > 0) write(`\n${proofTable(proofs)}\n\n`);
    return proved ? undefined : "The accounts cannot do just what the settings promise; see the table.";
  } catch (error) {
    if (error instanceof StoryFailedError) return error.message;
    throw error;
  }
}

function proofTable(proofs: AccessProof[]): string {
  return formatTable(
    ["account", "who", "access", "describe", "update"],
    proofs.map(({ accountId, name, access, describe, update }) => [
      accountId,
      name,
      access,
      describe,
      update,
    ]),
  );
}
