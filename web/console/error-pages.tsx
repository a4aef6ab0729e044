import type { Context } from "hono";
import type { PropsWithChildren } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import {
  AwsCallFailedError,
  AwsUnavailableError,
  CardwayError,
  RecordUnreadableError,
} from "../../functions/errors.ts";
import { Notice, showPage } from "../page.tsx";
import { oneLine } from "../untrusted-text.ts";
import { ConsolePage, type Visit } from "./console-layout.tsx";
import { consolePath } from "./console-paths.ts";

type Missing = "page" | "card" | "execution" | "request" | "evidence" | "act";

const missing: Record<Missing, { title: string; why: string }> = {
  page: { title: "There is no such page", why: "The address leads to nothing in the console." },
  card: {
    title: "There is no such card",
    why: "SageMaker has no model card of this name, and Cardway has nothing on record about one.",
  },
  execution: {
    title: "There is no such execution",
    why: "AWS keeps executions for 90 days after they have ended. One that was started a moment ago may take another moment: load the page again.",
  },
  request: { title: "There is no such request", why: "Cardway has no approval request of this id." },
  evidence: {
    title: "There is no such evidence of yours",
    why: "Evidence is for who collected it, and that is on record. Collect it yourself, on the page of the card.",
  },
  act: {
    title: "There is nothing to do it to",
    why: "The address asks for something that the console does not do, or to something that is not there.",
  },
};

/** Answers that something is not there. */
export function showNothing(context: Context, visit: Visit, what: Missing = "page") {
  const { title, why } = missing[what];
  return showPage(
    context,
    <ErrorPage title={title} visit={visit}>
      <p>{why}</p>
    </ErrorPage>,
    404,
  );
}

/** Answers that a role may not do that. */
export function showNotAllowed(context: Context, visit: Visit) {
  return showPage(
    context,
    <ErrorPage title="You may only look" visit={visit}>
      <p>Your role is {visit.identity.role}. Ask an operator to do it.</p>
    </ErrorPage>,
    403,
  );
}

/** Answers with what has gone wrong, in words; a bug is logged, and its page says nothing of what it was. */
export function showError(error: Error, context: Context, visit: Visit, log: (message: string) => void) {
  const { title, advice, status } = explained(error);
  const isOurs = error instanceof CardwayError;
  log(`The console failed: ${error.name}.`);
  return showPage(
    context,
    <ErrorPage title={title} visit={visit} kind="bad">
      {isOurs && <p>{oneLine(error.message)}</p>}
      <p>{advice}</p>
    </ErrorPage>,
    status,
  );
}

function explained(error: Error): { title: string; advice: string; status: ContentfulStatusCode } {
  if (error instanceof AwsUnavailableError) {
    return {
      title: "AWS does not answer at this moment",
      advice: "Load the page again in a minute. If it goes on, see the health of AWS in this Region.",
      status: 503,
    };
  }
  if (error instanceof AwsCallFailedError) {
    return {
      title: "AWS refused a call",
      advice: "Where a permission is missing, deploying Cardway again gives the console its own back.",
      status: 502,
    };
  }
  if (error instanceof RecordUnreadableError) {
    return {
      title: "A record cannot be read",
      advice: "Everything else in the console works on.",
      status: 500,
    };
  }
  return {
    title: "Something went wrong on our side",
    advice: "Load the page again. The log of the console names the error.",
    status: 500,
  };
}

function ErrorPage({
  title,
  visit,
  kind = "info",
  children,
}: PropsWithChildren<{ title: string; visit: Visit; kind?: "info" | "bad" }>): JSX.Element {
  return (
    <ConsolePage title={title} visit={visit}>
      <h1>{title}</h1>
      <Notice kind={kind} title={kind === "bad" ? "Nothing was changed by this" : "Nothing was changed"}>
        {children}
        <p>
          <a href={consolePath}>Go to the overview</a>
        </p>
      </Notice>
    </ConsolePage>
  );
}
