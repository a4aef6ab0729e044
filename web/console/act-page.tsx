import type { JSX } from "hono/jsx/jsx-runtime";
import { Notice } from "../page.tsx";
import { type Confirmation, type ConsoleAct, membersOf } from "./acts.ts";
import { ConsolePage, type Visit } from "./console-layout.tsx";
import { actsPath } from "./page-paths.ts";

/** Asks before anything is done. The script shows the same form above the page that it was asked for from. */
export function ActPage({
  act,
  confirmation: { title, consequences, refusal, button, back },
  visit,
}: {
  act: ConsoleAct;
  confirmation: Confirmation;
  visit: Visit;
}): JSX.Element {
  return (
    <ConsolePage title={title} visit={visit}>
      <form class="panel confirmation" id="confirmation" method="post" action={`${actsPath}/${act.act}`}>
        <h1 id="confirmation-heading">{title}</h1>
        {refusal !== undefined && (
          <Notice kind="warn" title="This cannot be done">
            <p>{refusal}</p>
          </Notice>
        )}
        {consequences.map((sentence) => (
          <p>{sentence}</p>
        ))}
        <p class="small">It is recorded in the audit that you did this.</p>
        {membersOf(act).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <div class="answers">
          {refusal === undefined && (
            <button
              class={act.act === "stop" || act.act === "withdraw" ? "button danger" : "button"}
              type="submit"
            >
              {button}
            </button>
          )}
          <a class="button secondary" data-cancel href={back}>
            {refusal === undefined ? "Cancel" : "Back"}
          </a>
        </div>
      </form>
    </ConsolePage>
  );
}

/** Says that something was not done, and why. */
export function NotDonePage({ why, back, visit }: { why: string; back: string; visit: Visit }): JSX.Element {
  return (
    <ConsolePage title="It was not done" visit={visit}>
      <h1>It was not done</h1>
      <Notice kind="bad" title="Nothing was changed" alert>
        <p>{why}</p>
        <p>
          <a href={back}>Go back</a>
        </p>
      </Notice>
    </ConsolePage>
  );
}
