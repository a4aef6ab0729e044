import type { ExtraRoute } from "./endpoint.ts";

/** `GET /_cardway/health`: answers as soon as the endpoint takes calls. */
export const healthRoute: ExtraRoute = {
  method: "GET",
  path: "/_cardway/health",
  handle: () => ({
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ status: "ready" }),
  }),
};
