import type { JSX } from "hono/jsx/jsx-runtime";
import type { RequestView } from "../../queries/requests.ts";
import { ConsolePage, Nothing, PageHeading, Pages, type Visit } from "./console-layout.tsx";
import { requestsPath, withParameters } from "./page-paths.ts";
import { RequestPanel } from "./request-panel.tsx";

export const requestsOnAPage = 20;

/** Open requests, those whose time ends first at the top. */
export function RequestsPage({
  requests,
  total,
  page,
  now,
  visit,
}: {
  requests: readonly RequestView[];
  total: number;
  /** From 1. */
  page: number;
  now: Date;
  visit: Visit;
}): JSX.Element {
  return (
    <ConsolePage title="Requests" place="Requests" visit={visit}>
      <PageHeading
        title="Requests"
        lead={
          total === 0
            ? "Nobody is asked about any card."
            : `${total.toLocaleString("en")} open, those whose time ends first at the top.`
        }
      />
      {requests.length === 0 ? (
        <Nothing>No approval request is open{page > 1 ? " on this page" : ""}.</Nothing>
      ) : (
        requests.map((request) => <RequestPanel request={request} identity={visit.identity} now={now} />)
      )}
      <Pages
        label="Pages of requests"
        first={page === 1 ? undefined : requestsPath}
        next={page * requestsOnAPage < total ? withParameters(requestsPath, { page: page + 1 }) : undefined}
      />
    </ConsolePage>
  );
}

/** One request, open or ended. */
export function RequestPage({
  request,
  now,
  visit,
}: {
  request: RequestView;
  now: Date;
  visit: Visit;
}): JSX.Element {
  const { modelCardName, requestId, policyVersion } = request;
  return (
    <ConsolePage title={`Request about ${modelCardName}`} place="Requests" visit={visit}>
      <PageHeading
        title={`Request about ${modelCardName}`}
        above={{ path: requestsPath, name: "Requests" }}
      />
      <RequestPanel request={request} identity={visit.identity} now={now} isOwnPage />
      <p class="small">
        Request <code>{requestId}</code>, under the settings <code>{policyVersion}</code>
      </p>
    </ConsolePage>
  );
}
