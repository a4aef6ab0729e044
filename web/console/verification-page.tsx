import type { JSX } from "hono/jsx/jsx-runtime";
import type * as z from "zod";
import { nameOf } from "../../functions/aws/sagemaker.ts";
import { noCard } from "../../functions/records/effects.ts";
import { type Verification, goneCards, verifyAudit } from "../../queries/audit.ts";
import type { QuerySources } from "../../queries/sources.ts";
import { Notice } from "../page.tsx";
import { ConsolePage, PageHeading, type Visit } from "./console-layout.tsx";
import type { VerificationQuerySchema } from "./list-query.ts";
import { auditPath, verificationPath, withParameters } from "./page-paths.ts";

/** How many cards' chains one request checks. */
const chainsAtOnce = 100;

/** How many chains are read at the same time. */
const readersAtOnce = 10;

/** How many broken chains are named; the rest is in the audit of their cards. */
const mostNamed = 40;

type VerificationQuery = z.output<typeof VerificationQuerySchema>;

/** How far the check of all chains has come. */
export interface Progress {
  chains: number;
  entries: number;
  /** Names of the cards whose chains are broken. */
  broken: string[];
  /** What this part found. */
  found: Verification;
  /** Address of the next part; absent once all are checked. */
  next?: string | undefined;
}

/**
 * Checks the next chains: a page of cards that SageMaker lists, and at the end all of cards that are gone. Each part is a
 * request of its own, so that none takes long, and anybody who may look may check.
 */
export async function verifyNext(
  { next, gone, chains, entries, broken }: VerificationQuery,
  sources: QuerySources,
): Promise<Progress> {
  const isLast = gone !== undefined;
  const { modelCardArns, following } = isLast
    ? { modelCardArns: await goneCards(sources), following: undefined }
    : await listedCards(next, sources);
  const found = await verifyAll(modelCardArns, sources);
  const names = [...broken, ...found.broken.map(({ modelCardName = noCard }) => modelCardName)];
  const progress = {
    chains: chains + found.chains,
    entries: entries + found.entries,
    broken: names,
    found,
  };
  if (isLast) return progress;
  const { chains: done, entries: seen } = progress;
  return {
    ...progress,
    next: withParameters(verificationPath, {
      ...following,
      chains: done,
      entries: seen,
      broken: names.slice(0, mostNamed).join(","),
    }),
  };
}

async function listedCards(
  nextToken: string | undefined,
  { modelCardPages }: QuerySources,
): Promise<{ modelCardArns: string[]; following: { next?: string; gone?: boolean } }> {
  const page = await modelCardPages.page({ nextToken, limit: chainsAtOnce });
  const listed = page.cards.map(({ modelCardArn }) => modelCardArn);
  return {
    modelCardArns: nextToken === undefined ? [noCard, ...listed] : listed,
    following: page.nextToken === undefined ? { gone: true } : { next: page.nextToken },
  };
}

/** The chains of these cards, several at a time: each is read on its own. */
async function verifyAll(modelCardArns: readonly string[], sources: QuerySources): Promise<Verification> {
  const shares = Array.from({ length: readersAtOnce }, (_, reader) =>
    modelCardArns.filter((_arn, index) => index % readersAtOnce === reader),
  );
  const found = await Promise.all(shares.map((share) => verifyAudit(share, sources)));
  return {
    chains: found.reduce((sum, { chains }) => sum + chains, 0),
    entries: found.reduce((sum, { entries }) => sum + entries, 0),
    broken: found.flatMap(({ broken }) => broken),
  };
}

/** How far the check has come and what it found; the script goes on by itself, and the link by hand. */
export function VerificationPage({
  progress: { chains, entries, broken, found, next },
  visit,
}: {
  progress: Progress;
  visit: Visit;
}): JSX.Element {
  const checked = `${chains.toLocaleString("en")} chains with ${entries.toLocaleString("en")} entries`;
  const isDone = next === undefined;
  const earlier = broken.filter(
    (name) => !found.broken.some(({ modelCardName = noCard }) => modelCardName === name),
  );
  return (
    <ConsolePage title="All chains" place="Audit" visit={visit}>
      <PageHeading title="All chains" above={{ path: auditPath, name: "Audit" }} />
      {broken.length === 0 && isDone && (
        <Notice kind="good" title="Everything on record is as it was written">
          <p>{checked} were checked.</p>
        </Notice>
      )}
      {!isDone && (
        <Notice title={`${checked} checked so far`}>
          <p>
            {broken.length === 0
              ? "All of them are as they were written."
              : `${broken.length} of them are not as they were written.`}
          </p>
          <p>
            <a href={next} data-continue>
              Go on
            </a>
          </p>
        </Notice>
      )}
      {isDone && broken.length > 0 && (
        <Notice kind="bad" title={`Not as it was written: ${broken.length} of ${checked}`}>
          <p>
            Somebody changed, removed or added entries past Cardway. CloudTrail's data events of the table,
            where they are on, say who; its point-in-time backup has the entries as they were.
          </p>
        </Notice>
      )}
      <BrokenChains verification={found} isPart />
      {earlier.length > 0 && (
        <section class="panel" aria-labelledby="earlier-heading">
          <h2 id="earlier-heading">Whose chains are not as they were written</h2>
          <ul class="plain-list">
            {earlier.map((name) => (
              <li>
                {name === noCard ? (
                  "What is about no card"
                ) : (
                  <a href={withParameters(auditPath, { card: name, verify: "card" })}>{name}</a>
                )}
              </li>
            ))}
          </ul>
          {earlier.length >= mostNamed && <p class="small">More than these are not named here.</p>}
        </section>
      )}
    </ConsolePage>
  );
}

/** What is wrong with which entry of which chain. */
export function BrokenChains({
  verification: { entries, broken },
  isPart = false,
}: {
  verification: Verification;
  /** Whether this is one part of many, which says nothing where it found nothing. */
  isPart?: boolean;
}): JSX.Element {
  if (broken.length === 0) {
    if (isPart) return <></>;
    return (
      <Notice kind="good" title="This chain is as it was written">
        <p>{entries === 1 ? "1 entry was checked." : `${entries} entries were checked.`}</p>
      </Notice>
    );
  }
  return (
    <>
      {broken.map(({ modelCardArn, faults }) => (
        <Notice
          kind="bad"
          title={
            modelCardArn === noCard
              ? "What is about no card is not as it was written"
              : `The chain of ${nameOf(modelCardArn)} is not as it was written`
          }
        >
          <ul class="plain-list">
            {faults.map(({ message }) => (
              <li>{message}</li>
            ))}
          </ul>
        </Notice>
      ))}
    </>
  );
}
