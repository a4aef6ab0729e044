import type { JSX } from "hono/jsx/jsx-runtime";
import { MetricFigure, RowsTable, isRow } from "./content-tables.tsx";
import { metricTable } from "./metrics.ts";
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
  const missing = expectedSections.filter((section) => isBlank(content.sections[section]));
  return (
    <>
      {inReadingOrder(content.sections)
        .filter(([, value]) => !isBlank(value))
        .map(([section, value]) => (
          <section class="panel">
            <h2>{memberName(section, value)}</h2>
            <Value member={section} value={value} depth={1} />
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

/** Any value of a card, in the form that reads best. */
function Value({ member, value, depth }: { member: string; value: unknown; depth: number }): JSX.Element {
  if (isBlank(value)) return <span class="absent">not given</span>;
  if (isScalar(value)) return <p class="text">{String(value)}</p>;
  if (depth > deepest) return <span class="absent">nested too deeply to show here; see the JSON below</span>;
  if (Array.isArray(value)) return <Values member={member} values={value} depth={depth} />;
  return isMembers(value) ? <Members members={value} depth={depth} /> : <span class="absent">not given</span>;
}

function Members({ members, depth }: { members: Record<string, unknown>; depth: number }): JSX.Element {
  return (
    <dl class="members">
      {inReadingOrder(members).map(([member, value]) => (
        <div class={isGroup(value) ? "group" : undefined}>
          <dt>{memberName(member, value)}</dt>
          <dd>
            <Value member={member} value={value} depth={depth + 1} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Values({
  member,
  values,
  depth,
}: {
  member: string;
  values: unknown[];
  depth: number;
}): JSX.Element {
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
    if (member === "metric_data") return <Metrics metrics={values} depth={depth} />;
    if (values.every(isRow)) return <RowsTable rows={values} />;
    return (
      <div class="entries">
        {values.map((entry) => (
          <Entry entry={entry} depth={depth} />
        ))}
      </div>
    );
  }
  return (
    <ul class="plain-list">
      {values.map((value) => (
        <li>
          <Value member={member} value={value} depth={depth + 1} />
        </li>
      ))}
    </ul>
  );
}

/** One of several things of a kind, under its name if it has one. */
function Entry({ entry, depth }: { entry: Record<string, unknown>; depth: number }): JSX.Element {
  const { name, metric_data: metrics, ...rest } = entry;
  const named = typeof name === "string" && name !== "";
  const members = { ...(!named && Object.hasOwn(entry, "name") && { name }), ...rest };
  const Heading = depth === 1 ? "h3" : "h4";
  return (
    <section class="entry">
      {named && <Heading>{name}</Heading>}
      {Object.keys(members).length > 0 && <Members members={members} depth={depth} />}
      {Object.hasOwn(entry, "metric_data") && (
        <Value member="metric_data" value={metrics} depth={depth + 1} />
      )}
    </section>
  );
}

/** Metrics of one value share a table; each of the others has its own. */
function Metrics({ metrics, depth }: { metrics: Record<string, unknown>[]; depth: number }): JSX.Element {
  const simple = metrics.filter(isRow).map(({ type: _type, ...row }) => row);
  return (
    <div class="entries">
      {simple.length > 0 && <RowsTable rows={simple} />}
      {metrics
        .filter((metric) => !isRow(metric))
        .map((metric) => {
          const table = metricTable(metric);
          return table === undefined ? (
            <Members members={metric} depth={depth} />
          ) : (
            <MetricFigure table={table} />
          );
        })}
    </div>
  );
}

/** Whether a value takes more room than beside its name. */
function isGroup(value: unknown): boolean {
  return !isBlank(value) && (isMembers(value) || (Array.isArray(value) && !value.every(isScalar)));
}
