import type { JSX } from "hono/jsx/jsx-runtime";
import type { Access } from "../events/access.ts";
import type { Lifecycle } from "../functions/lifecycle/settings.ts";
import { stageAccess } from "./consequences.ts";

/** Where the card can be read and written now, and where after an approval. */
export function AccessAfterApproval({ lifecycle }: { lifecycle: Lifecycle | undefined }): JSX.Element {
  if (lifecycle === undefined) return <></>;
  return (
    <section class="panel" aria-labelledby="access-heading">
      <h2 id="access-heading">Who has the card once it is approved</h2>
      <div class="scroll" role="group" aria-labelledby="access-heading" tabindex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Stage</th>
              <th scope="col">Now</th>
              <th scope="col">Once approved</th>
            </tr>
          </thead>
          <tbody>
            {stageAccess(lifecycle, "Approved").map(({ stage, accountId, before, after }) => (
              <tr>
                <th scope="row">
                  {stage} <span class="small account">{accountId}</span>
                </th>
                <td class="unbroken">{accessName(before)}</td>
                <td class="unbroken">
                  {before === after ? accessName(after) : <strong>{accessName(after)}</strong>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function accessName(access: Access): string {
  return access === "none" ? "no access" : access;
}
