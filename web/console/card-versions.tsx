import type { JSX } from "hono/jsx/jsx-runtime";
import * as z from "zod";
import type { AuditEntry } from "../../functions/records/audit-chain.ts";
import type { Settings } from "../../functions/lifecycle/settings.ts";
import type { CardVersion } from "../../functions/lifecycle/foreign-update.ts";
import type { CardDetail } from "../../queries/card.ts";
import { personOf } from "../../queries/people.ts";
import { Time } from "../time.tsx";
import { oneLine } from "../untrusted-text.ts";
import { StatusBadge } from "./badges.tsx";
import { Nothing } from "./console-layout.tsx";
import type { SectionChanges } from "./version-changes.ts";
import { toldBy } from "./timeline-words.ts";

/** How many versions are shown, the newest ones. */
const mostVersions = 50;

/** What tells of a version what became of it; the rest of the timeline is about access. */
const aboutVersions = new Set([
  "ApprovalDecided",
  "ApprovalUndone",
  "ReviewReopened",
  "UpdateReverted",
  "ReadOnlyBroken",
]);

/**
 * The versions of a card, newest first: SageMaker makes one for every change of the content, and none for a change of the
 * status. In which sections is told; what was written stays out of this page.
 */
export function CardVersions({
  detail: { card, versions, audit, record },
  changes,
  settings,
}: {
  detail: CardDetail;
  /** What versions changed, as far as that may be told. */
  changes: ReadonlyMap<number, SectionChanges> | undefined;
  settings: Settings;
}): JSX.Element {
  const newestFirst = [...versions].sort((one, other) => other.version - one.version);
  const shown = newestFirst.slice(0, mostVersions);
  return (
    <section class="panel" aria-labelledby="versions-heading">
      <h2 id="versions-heading">Versions</h2>
      {shown.length === 0 ? (
        <Nothing>SageMaker has no version of it.</Nothing>
      ) : (
        <div class="scroll" role="group" aria-labelledby="versions-heading" tabindex={0}>
          <table class="list">
            <thead>
              <tr>
                <th scope="col">Version</th>
                <th scope="col">Status</th>
                <th scope="col">What changed</th>
                <th scope="col">What became of it</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((version) => (
                <tr data-key={`version-${version.version}`}>
                  <th scope="row">{version.version}</th>
                  <td data-label="Status">
                    <StatusBadge status={version.status} />
                  </td>
                  <td data-label="What changed">
                    <Changes
                      version={version}
                      sections={changes?.get(version.version)}
                      contentOf={restoredContentOf(version.version, audit)}
                      by={
                        version.version === card.version
                          ? personOf(card.lastEditor ?? [], settings)
                          : undefined
                      }
                    />
                  </td>
                  <td data-label="What became of it">
                    <Story
                      entries={audit.filter((entry) => versionOf(entry) === version.version)}
                      approvedLast={record.approvedLast?.version === version.version}
                      settings={settings}
                    />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {newestFirst.length > shown.length && (
        <p class="small">{newestFirst.length - shown.length} older versions are not shown.</p>
      )}
    </section>
  );
}

function Changes({
  version: { version, creationTime, lastModifiedTime },
  sections,
  contentOf,
  by,
}: {
  version: CardVersion;
  sections: SectionChanges | undefined;
  /** The version whose content it has, where it was set back. */
  contentOf: number | undefined;
  /** Who changed it last, where that is known. */
  by: string | undefined;
}): JSX.Element {
  const hasMoved = lastModifiedTime !== undefined && lastModifiedTime !== creationTime;
  const what =
    contentOf !== undefined
      ? `Content set back to that of version ${contentOf}`
      : version === 1
        ? "Created"
        : "Content changed";
  return (
    <>
      <p>
        {what} on <Time at={creationTime} />
      </p>
      {sections !== undefined && sections.size > 0 && (
        <p class="small">
          {[...sections]
            .map(([section, count]) => `${section}: ${count === 1 ? "1 change" : `${count} changes`}`)
            .join(", ")}
        </p>
      )}
      {hasMoved && (
        <p class="small">
          Then its status, last on <Time at={lastModifiedTime} />
        </p>
      )}
      {by !== undefined && <p class="small">Last by {oneLine(by, 60)}</p>}
    </>
  );
}

function Story({
  entries,
  approvedLast,
  settings,
}: {
  entries: readonly AuditEntry[];
  approvedLast: boolean;
  settings: Settings;
}): JSX.Element {
  const told = entries.filter(({ detailType }) => aboutVersions.has(detailType));
  const isDecided = told.some(({ detailType }) => detailType === "ApprovalDecided");
  if (told.length === 0 && !approvedLast) return <span class="absent">nothing was decided about it</span>;
  return (
    <ul class="plain-list">
      {told.map((entry) => (
        <li data-key={entry.effectId}>{toldBy(entry, settings).what}</li>
      ))}
      {approvedLast && !isDecided && <li>Approved outside Cardway</li>}
    </ul>
  );
}

const VersionDetailSchema = z.object({ card: z.object({ version: z.number() }) });
const RestoredSchema = z.object({
  changed: z.array(z.string()),
  restoredVersion: z.number(),
  toVersion: z.number(),
});

function versionOf({ detail }: AuditEntry): number | undefined {
  return VersionDetailSchema.safeParse(detail).data?.card.version;
}

/** The version whose content this one was given when it was set back; `undefined` where it was not. */
function restoredContentOf(version: number, audit: readonly AuditEntry[]): number | undefined {
  const restored = audit
    .filter(({ detailType }) => detailType === "UpdateReverted")
    .flatMap(({ detail }) => RestoredSchema.safeParse(detail).data ?? [])
    .find(({ restoredVersion, changed }) => restoredVersion === version && changed.includes("content"));
  return restored?.toVersion;
}
