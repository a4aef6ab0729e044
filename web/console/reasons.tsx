import type { JSX } from "hono/jsx/jsx-runtime";
import { withTimes } from "../time.tsx";
import type { Reason } from "../../queries/explain.ts";

/** Reasons, each with the setting or fact that it rests on. */
export function Reasons({ reasons }: { reasons: readonly Reason[] }): JSX.Element {
  return (
    <ul class="reasons">
      {reasons.map(({ what, source }) => (
        <li>
          {withTimes(what)} <code class="source">{source}</code>
        </li>
      ))}
    </ul>
  );
}
