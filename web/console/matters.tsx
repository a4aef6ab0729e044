import type { JSX } from "hono/jsx/jsx-runtime";
import type { Matter } from "../../queries/attention.ts";
import { withTimes } from "../time.tsx";
import { Age } from "./age.tsx";
import { Mark, type Tone } from "./badges.tsx";
import { cardPath, executionsPath, requestPath, withParameters } from "./page-paths.ts";

const urgencies: Record<Matter["urgency"], { word: string; tone: Tone }> = {
  urgent: { word: "Urgent", tone: "bad" },
  act: { word: "To do", tone: "warn" },
  wait: { word: "Waiting", tone: "plain" },
  know: { word: "To know", tone: "plain" },
};

/** What calls for a person, each with what to do about it. */
export function Matters({
  matters,
  now,
  namesCards = true,
}: {
  matters: readonly Matter[];
  now: Date;
  /** Whether each says which card it is about. */
  namesCards?: boolean;
}): JSX.Element {
  return (
    <ul class="matters">
      {matters.map(({ kind, urgency, modelCardArn, modelCardName, since, what, advice, requestId }) => {
        const { word, tone } = urgencies[urgency];
        return (
          <li class={`matter ${tone}`} data-key={[kind, modelCardArn, requestId, what].join(" ")}>
            <p class="matter-urgency">
              <Mark tone={tone} word={word} hollow={urgency === "wait"} />
            </p>
            <div class="matter-what">
              <p>
                {namesCards && (
                  <>
                    <a class="card-name" href={cardPath(modelCardArn)}>
                      {modelCardName}
                    </a>{" "}
                  </>
                )}
                {namesCards ? withTimes(what) : sentence(withTimes(what))}
              </p>
              <p class="small">
                {advice}
                {kind === "failed" && (
                  <>
                    {" "}
                    <a href={withParameters(executionsPath, { card: modelCardName, status: "FAILED" })}>
                      See what failed<span class="visually-hidden"> about {modelCardName}</span>
                    </a>
                  </>
                )}
                {requestId !== undefined && (
                  <>
                    {" "}
                    <a href={requestPath(requestId)}>See the request</a>
                  </>
                )}
              </p>
            </div>
            <p class="matter-age">{since !== undefined && <Age at={since} now={now} />}</p>
          </li>
        );
      })}
    </ul>
  );
}

/** With a capital letter, but for names of stages, which stay as they are. */
function sentence(what: string): string {
  if (/^\S+ \(\d{12}\)/.test(what)) return what;
  return `${what.charAt(0).toUpperCase()}${what.slice(1)}`;
}
