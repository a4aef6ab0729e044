import type { JSX } from "hono/jsx/jsx-runtime";
import type { CardDetail, StageAccess } from "../../queries/card.ts";
import type { Explanation } from "../../queries/explain.ts";
import { waitWords } from "../../queries/attention.ts";
import { Age } from "./age.tsx";
import { Mark } from "./badges.tsx";
import { Nothing } from "./console-layout.tsx";
import { executionPath } from "./page-paths.ts";
import { Reasons } from "./reasons.tsx";

/** Access to a card, stage by stage: what its status calls for, what AWS RAM shows, and how that is proved. */
export function CardAccess({
  detail: { access },
  explanation,
  now,
}: {
  detail: CardDetail;
  explanation: Explanation;
  now: Date;
}): JSX.Element {
  return (
    <section class="panel" aria-labelledby="access-heading">
      <h2 id="access-heading">Access</h2>
      {access.length === 0 ? (
        <Nothing>The card belongs to no lifecycle, so nobody is to have access, and nobody has.</Nothing>
      ) : (
        <div class="scroll" role="group" aria-labelledby="access-heading" tabindex={0}>
          <table class="list">
            <thead>
              <tr>
                <th scope="col">Stage</th>
                <th scope="col">Wanted</th>
                <th scope="col">Live</th>
                <th scope="col">State</th>
                <th scope="col">Read back</th>
                <th scope="col">Read-only proved</th>
              </tr>
            </thead>
            <tbody>
              {access.map((stage) => (
                <Stage stage={stage} now={now} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {access.length > 0 && (
        <details id="why-access">
          <summary>Why each has the access that it has</summary>
          <div class="why">
            {explanation.stages.map(({ stage, accountId, reasons }) => (
              <div data-key={`${stage}/${accountId}`}>
                <h3>
                  {stage} <span class="small account">{accountId}</span>
                </h3>
                <Reasons reasons={reasons} />
              </div>
            ))}
          </div>
        </details>
      )}
    </section>
  );
}

function Stage({ stage: access, now }: { stage: StageAccess; now: Date }): JSX.Element {
  const { stage, accountId, wanted, confirmed, proved } = access;
  const live = liveText(access);
  return (
    <tr data-key={`${access.lifecycle}/${stage}/${accountId}`}>
      <th scope="row">
        {stage} <span class="small account">{accountId}</span>
      </th>
      <td class="unbroken" data-label="Wanted">
        {accessText(wanted)}
      </td>
      <td class="unbroken" data-label="Live">
        {live}
      </td>
      <td data-label="State">
        <StageState access={access} />
      </td>
      <td class="unbroken" data-label="Read back">
        <Proof proof={confirmed} now={now} />
      </td>
      <td class="unbroken" data-label="Read-only proved">
        <Proof proof={proved} now={now} />
      </td>
    </tr>
  );
}

function StageState({ access: { wait, isAsWanted, live } }: { access: StageAccess }): JSX.Element {
  if (wait !== undefined) {
    const { urgency, what } = waitWords[wait.state];
    const tone = urgency === "urgent" ? "bad" : urgency === "act" ? "warn" : "plain";
    return <Mark tone={tone} word={what} hollow={urgency === "wait"} />;
  }
  if (isAsWanted) return <Mark tone="good" word="as wanted" />;
  const isAtWork = live.some(({ state }) => state === "granting" || state === "revoking");
  return isAtWork ? (
    <Mark tone="plain" word="AWS RAM is at work" hollow />
  ) : (
    <Mark tone="warn" word="not as wanted" />
  );
}

function liveText({ live }: StageAccess): string {
  if (live.length === 0) return "none";
  return live.map(({ access, state }) => (state === "granted" ? access : `${access} (${state})`)).join(", ");
}

function accessText(access: StageAccess["wanted"]): JSX.Element {
  return access === "none" ? <span class="absent">none</span> : <>{access}</>;
}

/** When something was proved, with the way to the execution that did. */
function Proof({
  proof,
  now,
}: {
  proof: { at: string; executionArn: string } | undefined;
  now: Date;
}): JSX.Element {
  if (proof === undefined) return <>–</>;
  const path = executionPath(proof.executionArn);
  const age = (
    <>
      <Age at={proof.at} now={now} /> ago
    </>
  );
  return path === undefined ? age : <a href={path}>{age}</a>;
}
