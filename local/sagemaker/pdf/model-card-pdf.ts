import { areRows, cellText, columnsOf, isRow } from "../../../web/content-rows.ts";
import { metricLists, metricTable, readMetric } from "../../../web/metrics.ts";
import {
  expectedSections,
  inReadingOrder,
  isBlank,
  isMembers,
  isScalar,
  memberName,
  readContent,
} from "../../../web/model-card-content.ts";
import type { ModelCard, ModelCardVersion } from "../model-card-store.ts";
import { Pages } from "./pages.ts";

/**
 * A version of a card as a PDF: what it is, and all that it says, section by section. What AWS's own looks like is not
 * documented; this one has the same content.
 *
 * @param exportedAt - The same card at the same time makes the same bytes.
 */
export async function modelCardPdf(
  card: Pick<ModelCard, "name" | "arn" | "creationTime">,
  version: ModelCardVersion,
  exportedAt: Date,
): Promise<Uint8Array> {
  const pages = new Pages(card.name, exportedAt);
  pages.heading(card.name, 0);
  pages.table(
    ["Status", version.status],
    [
      ["Version", String(version.version)],
      ["ARN", card.arn],
      ["Created", card.creationTime.toISOString()],
      ["Last modified", version.lastModifiedTime.toISOString()],
      ["Exported", exportedAt.toISOString()],
    ],
  );
  const content = readContent(version.content);
  const said = content.kind === "sections" ? content.sections : {};
  for (const section of new Set([...expectedSections, ...Object.keys(said)])) {
    const value = Object.hasOwn(said, section) ? said[section] : undefined;
    pages.heading(memberName(section, value), 1);
    writeSection(pages, section, value);
  }
  return pages.end();
}

const notGiven = "not given";

function writeSection(pages: Pages, section: string, value: unknown): void {
  if (isMembers(value) && !isBlank(value)) writeMembers(pages, value, 2);
  else writeValue(pages, { member: section, name: "", value }, 1);
}

function writeMembers(pages: Pages, members: Record<string, unknown>, level: number): void {
  for (const [member, value] of inReadingOrder(members)) {
    writeValue(pages, { member, name: memberName(member, value), value }, level);
  }
}

/** A value under the name that people give it. */
interface Named {
  member: string;
  name: string;
  value: unknown;
}

function writeValue(pages: Pages, { member, name, value }: Named, level: number): void {
  if (isBlank(value)) pages.field(name, [notGiven]);
  else if (isScalar(value)) pages.field(name, [String(value)]);
  else if (Array.isArray(value)) writeList(pages, { member, name, value }, level);
  else if (isMembers(value)) {
    pages.heading(name, level);
    writeMembers(pages, value, level + 1);
  }
}

function writeList(pages: Pages, { member, name, value }: Named & { value: unknown[] }, level: number): void {
  if (!value.every(isMembers)) {
    pages.field(
      name,
      value.map((one) => (isScalar(one) ? String(one) : JSON.stringify(one))),
    );
    return;
  }
  if (name !== "") pages.heading(name, level);
  if (metricLists.has(member)) writeMetrics(pages, value, level + 1);
  else if (areRows(value)) writeRows(pages, value);
  else for (const entry of value) writeEntry(pages, entry, level + 1);
}

/** One of several things of a kind, under its name. */
function writeEntry(pages: Pages, entry: Record<string, unknown>, level: number): void {
  const { name, metric_data: metrics, ...rest } = entry;
  if (isScalar(name)) pages.heading(String(name), level);
  writeMembers(pages, rest, level + 1);
  if (Array.isArray(metrics)) {
    writeList(pages, { member: "metric_data", name: "", value: metrics }, level);
  }
}

/** Metrics of one value share a table; each of the others has its own. */
function writeMetrics(pages: Pages, metrics: Record<string, unknown>[], level: number): void {
  const simple = metrics.filter(isRow);
  if (simple.length > 0) writeRows(pages, simple);
  for (const thing of metrics.filter((metric) => !isRow(metric))) {
    const metric = readMetric(thing);
    if (metric === undefined) {
      writeEntry(pages, thing, level);
      continue;
    }
    pages.heading(metric.name, level);
    if (metric.notes !== undefined) pages.field(memberName("notes"), [metric.notes]);
    const { columns, rows } = metricTable(metric);
    pages.table(
      columns,
      rows.map((row) => row.map(String)),
    );
  }
}

function writeRows(pages: Pages, rows: Record<string, unknown>[]): void {
  const columns = columnsOf(rows);
  pages.table(
    columns.map((column) => memberName(column)),
    rows.map((row) => columns.map((column) => cellText(row[column]))),
  );
}
