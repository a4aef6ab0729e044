import type { JSX } from "hono/jsx/jsx-runtime";
import { roleMay } from "../../functions/lifecycle/console-role.ts";
import type { ConsoleAct } from "./acts.ts";
import type { ConsoleIdentity } from "./console-identity.ts";
import { actsPath, withParameters } from "./page-paths.ts";

/** The way to an act, for who may act: first to the page that says exactly what will be done, and asks. */
export function ActLink({
  act,
  members,
  identity,
  text,
  about,
}: {
  act: ConsoleAct["act"];
  /** What the act is about, by the members that it has. */
  members: Record<string, string | number | boolean>;
  identity: ConsoleIdentity;
  text: string;
  /** What tells this one from others of the page, for who does not see where it stands. */
  about?: string | undefined;
}): JSX.Element {
  const path = `${actsPath}/${act}`;
  if (!roleMay(identity.role, { method: "POST", path })) return <></>;
  return (
    <a class="button small-button secondary" data-confirm href={withParameters(path, members)}>
      {text}
      {about !== undefined && <span class="visually-hidden"> {about}</span>}
    </a>
  );
}
