import type { PropsWithChildren } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";

/** What a list shows: a form that puts the filters into the address. */
export function Filters({
  path,
  fault,
  children,
}: PropsWithChildren<{
  path: string;
  /** Why what was asked for cannot be shown. */
  fault?: string | undefined;
}>): JSX.Element {
  return (
    <form class="filters" method="get" action={path}>
      {children}
      <button class="button small-button" type="submit">
        Show
      </button>
      {fault !== undefined && (
        <p class="fault" role="alert">
          {fault}
        </p>
      )}
    </form>
  );
}

/** One of a few. */
export function Choice({
  name,
  label,
  value,
  choices,
}: {
  name: string;
  label: string;
  value: string | undefined;
  choices: readonly { value: string; text: string }[];
}): JSX.Element {
  return (
    <label class="filter">
      <span>{label}</span>
      <select name={name} id={`filter-${name}`}>
        {choices.map((choice) => (
          <option value={choice.value} selected={choice.value === (value ?? "")}>
            {choice.text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** One status, or any. */
export function StatusChoice<Status extends string>({
  value,
  statuses,
  nameOf,
}: {
  value: Status | undefined;
  statuses: readonly Status[];
  nameOf: (status: Status) => string;
}): JSX.Element {
  const choices = statuses.map((status) => ({ value: status, text: nameOf(status) }));
  return (
    <Choice name="status" label="Status" value={value} choices={[{ value: "", text: "Any" }, ...choices]} />
  );
}

/** A text, or a day. */
export function Entry({
  name,
  label,
  value,
  type = "search",
  placeholder,
}: {
  name: string;
  label: string;
  value: string | undefined;
  type?: "search" | "date";
  placeholder?: string;
}): JSX.Element {
  return (
    <label class="filter">
      <span>{label}</span>
      <input
        name={name}
        id={`filter-${name}`}
        type={type}
        value={value}
        placeholder={placeholder}
        maxlength={256}
      />
    </label>
  );
}
