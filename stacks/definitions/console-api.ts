import { callbackPath, loginPath, logoutPath } from "../../web/console/console-paths.ts";
import { stylesheetPath } from "../../web/stylesheet-path.ts";
import { consoleApiName } from "./deployment.ts";
import { type HttpApiDefinition, accessLogFormat } from "./http-api.ts";

/** A route of the console's API, and the folder in `functions/` of what answers it. */
export interface ConsoleRoute {
  route: string;
  folder: "console" | "console-login";
  /** Whether the authoriser is asked first. */
  authorized: boolean;
}

/** The HTTP API in front of the operations console. A few operators look at a few pages. */
export const consoleApi: HttpApiDefinition & {
  authorizer: { name: string; folder: string };
  routes: readonly ConsoleRoute[];
} = {
  name: consoleApiName,
  throttling: { rateLimit: 20, burstLimit: 50 },
  // Routes and roles are few and known, and say who was refused what. Their paths and queries hold codes and names of cards.
  accessLogFormat: accessLogFormat({
    route: "$context.routeKey",
    role: "$context.authorizer.role",
    authorizerError: "$context.authorizer.error",
  }),
  authorizer: { name: "cardway-session", folder: "console-authorizer" },
  routes: [
    // What there is no other route for: whatever is added to the console is behind the authoriser.
    { route: "$default", folder: "console", authorized: true },
    // The way in, open to everybody, leads to a function without any permission.
    { route: `GET ${loginPath}`, folder: "console-login", authorized: false },
    { route: `GET ${callbackPath}`, folder: "console-login", authorized: false },
    { route: `POST ${logoutPath}`, folder: "console-login", authorized: false },
    { route: `GET ${stylesheetPath}`, folder: "console-login", authorized: false },
  ],
};
