import * as z from "zod";
import { accounts, cardArn, userArn } from "./accounts.ts";
import type { World } from "./world.ts";

const DetailSchema = z.object({
  card: z.object({ creationTime: z.string() }).optional(),
  violations: z.array(z.object({ kind: z.string() })).default([]),
  notReverted: z.string().optional(),
  restoredVersion: z.int().optional(),
});

/** How far two events about one moment may be apart, in milliseconds: CloudTrail knows whole seconds only. */
const sameMomentMs = 4_000;

/**
 * What is wrong with a card that production has written: its content must not be the newest, and what happened must be on
 * record. Whether it was production is known only where an event or the card itself names the account; what approvers or somebody
 * of the accounts have approved since is theirs.
 *
 * @param dependencies.isApproved - Whether a version counts as approved by somebody who may.
 * @param dependencies.hasFailed - Whether some execution ended before it had done what it was started for: what it was told by an
 *   event, nobody else may know.
 */
export function faultsOfProductionWrites(
  world: World,
  name: string,
  effects: { detailType: string; detail: unknown }[],
  { isApproved, hasFailed }: { isApproved: (version: number) => boolean; hasFailed: boolean },
): { invariant: 2 | 7; message: string }[] {
  const modelCardArn = cardArn(name);
  const card = world.cloud.findModelCard(modelCardArn);
  const newest = card?.versions.at(-1);
  if (card === undefined || newest === undefined) return [];
  const creationTime = card.creationTime.toISOString();
  const details = (detailType: string) =>
    effects
      .filter((effect) => effect.detailType === detailType)
      .map(({ detail }) => DetailSchema.parse(detail))
      .filter((detail) => detail.card?.creationTime === creationTime);
  const broken = details("ReadOnlyBroken");

  const first = new Map(card.versions.toReversed().map((version) => [version.content, version]));
  const written = [...first.values()].filter(({ content }) => world.writers.get(content) === accounts.prod);
  const isKnown = ({ version, creationTime: at, lastModifiedBy }: (typeof written)[number]): boolean => {
    if (newest.version === version && lastModifiedBy.IamIdentity?.Arn === userArn(accounts.prod)) return true;
    const isTold = (made: Date): boolean => world.toldBy.has(made.getTime());
    // What nobody told of hides, with its moment, whose another version of that moment is.
    const isAlone = [...first.values()].every(
      (other) =>
        (written.includes(other) && isTold(other.creationTime)) ||
        Math.abs(other.creationTime.getTime() - at.getTime()) > sameMomentMs,
    );
    return isAlone && !hasFailed && isTold(at);
  };
  const known = written.filter(isKnown);
  const faults: { invariant: 2 | 7; message: string }[] = [];

  const isKept = broken.some(({ notReverted }) => notReverted !== undefined) || isApproved(newest.version);
  if (!isKept && known.some(({ content }) => content === newest.content)) {
    faults.push({ invariant: 2, message: `what production wrote is version ${newest.version} of ${name}` });
  }
  const isTold = broken.some(({ violations }) => violations.some(({ kind }) => kind === "update"));
  if (known.length > 0 && !isTold) {
    faults.push({ invariant: 7, message: `production has updated ${name}, and nothing is on record` });
  }
  const madeByReverting = (version: number): boolean =>
    world.cardChanges.some(
      ({ by, status, modelCardArn: changed, before }) =>
        by === "revert-update" &&
        status === undefined &&
        changed === modelCardArn &&
        before?.creationTime === creationTime &&
        before.version + 1 === version,
    );
  // Where somebody was faster, theirs comes on top of what was set back.
  const isReverted = madeByReverting(newest.version) && !madeByReverting(newest.version - 1);
  const isOnRecord = details("UpdateReverted").some(
    ({ restoredVersion }) => restoredVersion === newest.version,
  );
  if (isReverted && !isOnRecord) {
    faults.push({ invariant: 7, message: `${name} was set back, and nothing is on record` });
  }
  return faults;
}
