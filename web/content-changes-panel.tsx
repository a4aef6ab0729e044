import type { PropsWithChildren } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import {
  type ContentChange,
  type TextPiece,
  isPlainList,
  listDifference,
  textDifference,
} from "./content-changes.ts";
import { type Metric, metricTable, readMetric } from "./metrics.ts";
import { inReadingOrder, isBlank, isMembers, isScalar, memberName } from "./model-card-content.ts";

/** How much of untrusted content goes on the page: counts of things, and characters of texts and names. */
const most = { changes: 100, fields: 30, entries: 20, depth: 8, text: 2_500, name: 120 };
/** Two texts up to this length are taken in at a glance and need no marks. */
const shortText = 60;
/** Up to this length, a value stands beside its label. */
const shortValue = 24;
/** A longer stretch of text that did not change is left out, except for what stands next to a change. */
const unchanged = { longest: 400, kept: 160 };

/** What changed between two versions of a card's content, field by field; `children` stand above the changes. */
export function ContentChangesPanel({
  id,
  title,
  changes,
  children,
}: PropsWithChildren<{ id: string; title: string; changes: ContentChange[] }>): JSX.Element {
  const left = changes.length - most.changes;
  return (
    <section class="panel changes" id={id}>
      <h2>{title}</h2>
      {children}
      {changes.length === 0 ? (
        <p>Nothing in the content changed.</p>
      ) : (
        <p class="small">{kindsOf(changes)}</p>
      )}
      {bySection(changes.slice(0, most.changes)).map(([section, changes]) => (
        <div class="change-section">
          <h3>
            <Name name={section} />
          </h3>
          <ul class="change-list">
            {changes.map((change) => (
              <Change change={change} />
            ))}
          </ul>
        </div>
      ))}
      {left > 0 && <p class="small">And {counted(left, "more change")}, not listed here.</p>}
    </section>
  );
}

function kindsOf(changes: ContentChange[]): string {
  const kinds: ContentChange["kind"][] = ["changed", "added", "removed"];
  return kinds
    .map((kind) => ({ kind, count: changes.filter((change) => change.kind === kind).length }))
    .filter(({ count }) => count > 0)
    .map(({ kind, count }) => `${count.toLocaleString("en")} ${kind}`)
    .join(", ");
}

/** Changes that follow each other under one section. */
function bySection(changes: ContentChange[]): [section: string, changes: ContentChange[]][] {
  const sections: [string, ContentChange[]][] = [];
  for (const change of changes) {
    const section = change.path[0] ?? "The whole content";
    const last = sections.at(-1);
    if (last?.[0] === section) last[1].push(change);
    else sections.push([section, [change]]);
  }
  return sections;
}

function Change({ change }: { change: ContentChange }): JSX.Element {
  const { path, kind, note, before, after } = change;
  return (
    <li class="change">
      {path.length > 1 && <Path path={path.slice(1)} />}
      {note !== undefined && <p>{note}</p>}
      {kind === "changed" && note === undefined ? (
        <Difference before={before} after={after} />
      ) : (
        <Sides short={isShort(before) && isShort(after)}>
          {before !== undefined && (
            <Side side="before" label={kind === "changed" ? "Before" : "Removed"}>
              <Whole side="before" value={before} name={path.at(-1)} />
            </Side>
          )}
          {after !== undefined && (
            <Side side="after" label={kind === "changed" ? "After" : "Added"}>
              <Whole side="after" value={after} name={path.at(-1)} />
            </Side>
          )}
        </Sides>
      )}
    </li>
  );
}

function Path({ path }: { path: string[] }): JSX.Element {
  // "Value" alone does not tell what changed.
  const field = path.at(-1) === memberName("value") ? -2 : -1;
  const [parents, names] = [path.slice(0, field), path.slice(field)];
  return (
    <h4 class="change-path">
      {parents.length > 0 && (
        <>
          <Names path={parents} />
          <Step />
        </>
      )}
      <strong>
        <Names path={names} />
      </strong>
    </h4>
  );
}

/** Two values in the form in which their difference is seen best. */
function Difference({ before, after }: { before: unknown; after: unknown }): JSX.Element {
  const [earlier, later] = [textOf(before), textOf(after)];
  if (earlier !== undefined && later !== undefined) return <Texts before={earlier} after={later} />;
  if (isPlainField(before) && isPlainField(after)) return <Lists before={before} after={after} />;
  // A number and a text of the same digits look the same.
  const typed = isScalar(before) && isScalar(after) && String(before) === String(after);
  return (
    <Sides short={isShort(before) && isShort(after)}>
      <Side side="before" label="Before">
        <Whole side="before" value={before} />
        {typed && ` (${typeName(before)})`}
      </Side>
      <Side side="after" label="After">
        <Whole side="after" value={after} />
        {typed && ` (${typeName(after)})`}
      </Side>
    </Sides>
  );
}

function typeName(value: string | number | boolean): string {
  return typeof value === "string" ? "text" : typeof value;
}

/** A text, also where a list holds nothing else. */
function textOf(value: unknown): string | undefined {
  const text: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof text === "string" ? text : undefined;
}

function isPlainField(value: unknown): value is unknown[] {
  return Array.isArray(value) && !isBlank(value) && isPlainList(value);
}

function Texts({ before, after }: { before: string; after: string }): JSX.Element {
  const pieces =
    Math.max(before.length, after.length) > shortText ? textDifference(before, after) : undefined;
  return (
    <>
      {asRead(before) === asRead(after) && (
        <p class="small">Both read the same: only spaces, line breaks or invisible characters differ.</p>
      )}
      <Sides short={isShort(before) && isShort(after)}>
        <Side side="before" label="Before">
          {pieces ? <Pieces side="before" pieces={pieces.before} /> : <Whole side="before" value={before} />}
        </Side>
        <Side side="after" label="After">
          {pieces ? <Pieces side="after" pieces={pieces.after} /> : <Whole side="after" value={after} />}
        </Side>
      </Sides>
    </>
  );
}

function asRead(text: string): string {
  return text
    .normalize("NFC")
    .replace(/\p{Cf}/gu, "")
    .replace(/\s+/gu, " ")
    .trim();
}

/** A text with the words marked that differ. */
function Pieces({ side, pieces }: { side: "before" | "after"; pieces: TextPiece[] }): JSX.Element {
  const Mark = markOf(side);
  return (
    <bdi class="change-text">
      {excerptOf(pieces).map((piece) => {
        if ("left" in piece) return <LeftOut>{piece.left}</LeftOut>;
        return piece.differs ? <Mark>{piece.text}</Mark> : piece.text;
      })}
    </bdi>
  );
}

/** What of a text is shown, and in words what is left out. */
function excerptOf(pieces: TextPiece[]): (TextPiece | { left: string })[] {
  const excerpt: (TextPiece | { left: string })[] = [];
  let room = most.text;
  let left = 0;
  for (const [index, { text, differs }] of pieces.entries()) {
    if (!differs && text.length > unchanged.longest && room > 0) {
      const start = index === 0 ? "" : startOf(text, unchanged.kept).replace(/\s\S*$/u, "");
      const end = index === pieces.length - 1 ? "" : endOf(text, unchanged.kept).replace(/^\S*\s/u, "");
      const count = text.length - start.length - end.length;
      excerpt.push(
        { text: start, differs },
        { left: `${counted(count, "character")} that did not change` },
        { text: end, differs },
      );
      room -= start.length + end.length;
    } else {
      const start = startOf(text, Math.max(room, 0));
      excerpt.push({ text: start, differs });
      room -= text.length;
      left += text.length - start.length;
    }
  }
  return left === 0 ? excerpt : [...excerpt, { left: counted(left, "more character") }];
}

/** Lists by what only one of them holds, or whole where just the order differs. */
function Lists({ before, after }: { before: unknown[]; after: unknown[] }): JSX.Element {
  const { removed, added } = listDifference(before, after);
  const moved = removed.length === 0 && added.length === 0;
  const stayed = before.length - removed.length;
  return (
    <>
      {moved && <p class="small">The same entries, in another order.</p>}
      <Sides>
        {(moved || removed.length > 0) && (
          <Side side="before" label={moved ? "Before" : "Removed"}>
            <Whole side="before" value={moved ? before : removed} />
          </Side>
        )}
        {(moved || added.length > 0) && (
          <Side side="after" label={moved ? "After" : "Added"}>
            <Whole side="after" value={moved ? after : added} />
          </Side>
        )}
      </Sides>
      {!moved && stayed > 0 && (
        <p class="small">{counted(stayed, "other entry", "other entries")} did not change.</p>
      )}
    </>
  );
}

function Sides({ short = false, children }: PropsWithChildren<{ short?: boolean }>): JSX.Element {
  return <dl class={short ? "change-sides short" : "change-sides"}>{children}</dl>;
}

function isShort(value: unknown): boolean {
  return isBlank(value) || (isScalar(value) && String(value).length <= shortValue);
}

function Side({
  side,
  label,
  children,
}: PropsWithChildren<{ side: "before" | "after"; label: string }>): JSX.Element {
  return (
    <div class={`change-side ${side}`}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/**
 * A value as it stands in one version.
 *
 * @param name - What the value stands under, which is then not said again.
 */
function Whole({
  side,
  value,
  name,
}: {
  side: "before" | "after";
  value: unknown;
  name?: string | undefined;
}): JSX.Element {
  const Mark = markOf(side);
  return (
    <Mark class="change-whole">
      <Value value={value} name={name} />
    </Mark>
  );
}

function markOf(side: "before" | "after"): "del" | "ins" {
  return side === "before" ? "del" : "ins";
}

function Value({ value, name }: { value: unknown; name?: string | undefined }): JSX.Element {
  if (isBlank(value)) return <span class="absent">{blankName(value)}</span>;
  if (isScalar(value)) return <Text text={String(value)} />;
  if (Array.isArray(value) && isPlainList(value)) return <Entries entries={value} />;
  return <Fields fields={[...fieldsOf(value, name, [])]} />;
}

function Fields({ fields }: { fields: Field[] }): JSX.Element {
  const [only] = fields;
  if (only !== undefined && fields.length === 1 && only.path.length === 0)
    return <FieldValue value={only.value} />;
  const left = fields.length - most.fields;
  return (
    <>
      <dl class="change-fields">
        {fields.slice(0, most.fields).map(({ path, value }) => (
          <div>
            <dt>
              <Names path={path.length === 0 ? [memberName("value")] : path} />
            </dt>
            <dd>
              <FieldValue value={value} />
            </dd>
          </div>
        ))}
      </dl>
      {left > 0 && <LeftOut>{counted(left, "more field")}</LeftOut>}
    </>
  );
}

function FieldValue({ value }: { value: unknown }): JSX.Element {
  const plain = isBlank(value) || isScalar(value) || (Array.isArray(value) && isPlainList(value));
  return plain ? <Value value={value} /> : <span class="absent">nested too deeply to show here</span>;
}

function blankName(value: unknown): string {
  if (typeof value === "string") return value === "" ? "empty text" : "text of spaces only";
  return Array.isArray(value) ? "empty list" : isMembers(value) ? "empty" : "nothing (null)";
}

function Text({ text }: { text: string }): JSX.Element {
  const start = startOf(text, most.text);
  return (
    <bdi class="change-text">
      {start}
      {start.length < text.length && (
        <LeftOut>{counted(text.length - start.length, "more character")}</LeftOut>
      )}
    </bdi>
  );
}

function Entries({ entries }: { entries: unknown[] }): JSX.Element {
  const [only] = entries;
  if (entries.length === 1) return <Text text={entryText(only)} />;
  const left = entries.length - most.entries;
  return (
    <ul class="plain-list">
      {entries.slice(0, most.entries).map((entry) => (
        <li>
          <Text text={entryText(entry)} />
        </li>
      ))}
      {left > 0 && (
        <li>
          <LeftOut>{counted(left, "more entry", "more entries")}</LeftOut>
        </li>
      )}
    </ul>
  );
}

function entryText(entry: unknown): string {
  if (Array.isArray(entry)) return `(${entry.map(entryText).join(", ")})`;
  return isBlank(entry) ? `(${blankName(entry)})` : String(entry);
}

interface Field {
  path: string[];
  value: unknown;
}

/** What a section or another thing holds, field by field. */
function* fieldsOf(value: unknown, name: string | undefined, path: string[]): Generator<Field> {
  if (path.length >= most.depth) yield { path, value };
  else if (isMembers(value) && !isBlank(value)) yield* membersOf(value, name, path);
  else if (Array.isArray(value) && !isPlainList(value)) {
    const within = path.at(-1) === memberName("metric_data") ? path.slice(0, -1) : path;
    for (const [index, entry] of value.entries()) {
      const entryName = isMembers(entry) && typeof entry["name"] === "string" ? entry["name"] : undefined;
      yield* fieldsOf(entry, entryName, [...within, entryName ?? `Entry ${index + 1}`]);
    }
  } else yield { path, value };
}

function* membersOf(
  value: Record<string, unknown>,
  name: string | undefined,
  path: string[],
): Generator<Field> {
  const metric = readMetric(value);
  // How a figure is drawn does not matter here, and that a number is a number is plain to see.
  const implied = metric?.type ?? (Object.hasOwn(value, "value") ? typeof value["value"] : undefined);
  const figures = metric === undefined ? [] : ["x_axis_name", "y_axis_name"];
  const members = inReadingOrder(value).filter(
    ([member, inner]) =>
      !(member === "name" && inner === name) &&
      !(member === "type" && inner === implied) &&
      !figures.includes(member),
  );
  if (members.length === 0) yield { path: [...path, memberName("name")], value: name };
  for (const [member, inner] of members) {
    if (member !== "value") yield* fieldsOf(inner, undefined, [...path, memberName(member, inner)]);
    else if (metric !== undefined) yield { path: [...path, ...columnsOf(metric)], value: figuresOf(metric) };
    else yield* fieldsOf(inner, undefined, name === undefined ? [...path, memberName(member)] : path);
  }
}

function columnsOf(metric: Metric): string[] {
  const columns = metricTable(metric).columns.filter((column) => column !== "");
  return columns.length === 0 ? [] : [columns.join(", ")];
}

function figuresOf(metric: Metric): string {
  return metricTable(metric)
    .rows.map(([heading, ...cells]) => `${heading ?? ""}: ${cells.join(", ")}`)
    .join("; ");
}

function Names({ path }: { path: string[] }): JSX.Element {
  return (
    <>
      {path.map((name, index) => (
        <>
          {index > 0 && <Step />}
          <Name name={name} />
        </>
      ))}
    </>
  );
}

function Step(): JSX.Element {
  return (
    <>
      <span class="visually-hidden">, </span>
      <span aria-hidden="true"> › </span>
    </>
  );
}

function Name({ name }: { name: string }): JSX.Element {
  const start = startOf(name, most.name);
  if (isBlank(name)) return <span class="absent">(no name)</span>;
  return <bdi>{start.length < name.length ? `${start}…` : start}</bdi>;
}

function LeftOut({ children }: PropsWithChildren): JSX.Element {
  return <span class="absent change-left-out"> [… {children}] </span>;
}

/** The first characters of a text, without half of one at the cut. */
function startOf(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/u, "");
}

function endOf(text: string, length: number): string {
  return text.slice(-length).replace(/^[\uDC00-\uDFFF]/u, "");
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}
