import type { JSX } from "hono/jsx/jsx-runtime";
import { type ChartAllowance, chartAllowance } from "./charts/chart-allowance.ts";
import { MetricFigure } from "./charts/metric-figure.tsx";
import { SimpleMetrics } from "./charts/simple-metrics.tsx";
import { areRows, isRow } from "./content-rows.ts";
import { RowsTable } from "./content-tables.tsx";
import { metricLists, readMetric } from "./metrics.ts";
import {
  type ModelCardContent,
  expectedSections,
  inReadingOrder,
  isBlank,
  isMembers,
  isScalar,
  memberName,
} from "./model-card-content.ts";
import { Notice } from "./page.tsx";

/** How deep content is shown as a form; below that it stands in the JSON only. AWS's own goes five levels deep. */
const deepest = 8;

/** A version's content for a reader: AWS's sections first, everything else after them, and the JSON as it is kept. */
export function CardContent({
  content,
  version,
}: {
  content: ModelCardContent;
  version: number | undefined;
}): JSX.Element {
  if (content.kind === "missing") {
    return (
      <Notice kind="warn" title="The content of this version is not there">
        <p>
          SageMaker gives no content for version {version ?? "unknown"} of this card, so there is nothing to
          review.
        </p>
      </Notice>
    );
  }
  if (content.kind === "unreadable") {
    return (
      <>
        <Notice kind="warn" title="The content of this version is not a model card">
          <p>
            It is not the JSON that a model card has. Here it stands as SageMaker keeps it, word for word.
          </p>
        </Notice>
        <section class="panel">
          <h2>Content</h2>
          <pre class="raw">{content.text}</pre>
        </section>
      </>
    );
  }
  const allowance = chartAllowance();
  const missing = expectedSections.filter((section) => isBlank(content.sections[section]));
  return (
    <>
      {inReadingOrder(content.sections)
        .filter(([, value]) => !isBlank(value))
        .map(([section, value]) => (
          <section class="panel">
            <h2>{memberName(section, value)}</h2>
            <Value member={section} value={value} depth={1} allowance={allowance} />
          </section>
        ))}
      {missing.length > 0 && (
        <Notice kind="warn" title="What this card does not say">
          <p>Nothing is written under: {missing.map((section) => memberName(section)).join(", ")}.</p>
        </Notice>
      )}
      <details class="panel">
        <summary>The content as SageMaker keeps it (JSON)</summary>
        <pre class="raw">{content.text}</pre>
      </details>
    </>
  );
}

/** Where a value stands, and what the page may still draw. */
interface Place {
  depth: number;
  allowance: ChartAllowance;
}

/** Any value of a card, in the form that reads best. */
function Value({ member, value, ...place }: Place & { member: string; value: unknown }): JSX.Element {
  if (isBlank(value)) return <span class="absent">not given</span>;
  if (isScalar(value)) return <p class="text">{String(value)}</p>;
  if (place.depth > deepest)
    return <span class="absent">nested too deeply to show here; see the JSON below</span>;
  if (Array.isArray(value)) return <Values member={member} values={value} {...place} />;
  return isMembers(value) ? <Members members={value} {...place} /> : <span class="absent">not given</span>;
}

function Members({ members, depth, allowance }: Place & { members: Record<string, unknown> }): JSX.Element {
  return (
    <dl class="members">
      {inReadingOrder(members).map(([member, value]) => (
        <div class={isGroup(value) ? "group" : undefined}>
          <dt>{memberName(member, value)}</dt>
          <dd>
            <Value member={member} value={value} depth={depth + 1} allowance={allowance} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Values({ member, values, ...place }: Place & { member: string; values: unknown[] }): JSX.Element {
  const [first] = values;
  if (values.length === 1 && isScalar(first)) return <p class="text">{String(first)}</p>;
  if (values.every(isScalar)) {
    return (
      <ul class="plain-list">
        {values.map((value) => (
          <li>{String(value)}</li>
        ))}
      </ul>
    );
  }
  if (values.every(isMembers)) {
    if (metricLists.has(member)) return <Metrics member={member} metrics={values} {...place} />;
    return areRows(values) ? <RowsTable rows={values} /> : <Entries entries={values} {...place} />;
  }
  return (
    <ul class="plain-list">
      {values.map((value) => (
        <li>
          <Value member={member} value={value} depth={place.depth + 1} allowance={place.allowance} />
        </li>
      ))}
    </ul>
  );
}

function Entries({ entries, ...place }: Place & { entries: Record<string, unknown>[] }): JSX.Element {
  return (
    <div class="entries">
      {entries.map((entry) => (
        <Entry entry={entry} {...place} />
      ))}
    </div>
  );
}

/** One of several things of a kind, under its name if it has one. */
function Entry({ entry, depth, allowance }: Place & { entry: Record<string, unknown> }): JSX.Element {
  const { name, metric_data: metrics, ...rest } = entry;
  const named = typeof name === "string" && name !== "";
  const members = { ...(!named && Object.hasOwn(entry, "name") && { name }), ...rest };
  const Heading = depth === 1 ? "h3" : "h4";
  return (
    <section class="entry">
      {named && <Heading>{name}</Heading>}
      {Object.keys(members).length > 0 && <Members members={members} depth={depth} allowance={allowance} />}
      {Object.hasOwn(entry, "metric_data") && (
        <Value member="metric_data" value={metrics} depth={depth + 1} allowance={allowance} />
      )}
    </section>
  );
}

/** Metrics of one value share a chart; each of the others has its own. */
function Metrics({
  member,
  metrics,
  ...place
}: Place & { member: string; metrics: Record<string, unknown>[] }): JSX.Element {
  const simple = metrics.filter(isRow);
  return (
    <div class="metrics">
      {areRows(simple) ? (
        <SimpleMetrics
          name={member === "metric_data" ? "Metrics" : memberName(member)}
          metrics={simple}
          allowance={place.allowance}
        />
      ) : (
        <Entries entries={simple} {...place} />
      )}
      {metrics
        .filter((metric) => !isRow(metric))
        .map((thing) => {
          const metric = readMetric(thing);
          return metric === undefined ? (
            <Members members={thing} {...place} />
          ) : (
            <MetricFigure metric={metric} allowance={place.allowance} />
          );
        })}
    </div>
  );
}

/** Whether a value takes more room than beside its name. */
function isGroup(value: unknown): boolean {
  return !isBlank(value) && (isMembers(value) || (Array.isArray(value) && !value.every(isScalar)));
}
