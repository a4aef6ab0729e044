import type { Settings } from "../../functions/lifecycle/settings.ts";
import { consoleApi } from "../definitions/console-api.ts";
import { type Functions, functionOf } from "./functions.ts";
import { createHttpApi } from "./http-api.ts";

/** The address of the operations console. */
export function createConsoleApi(settings: Settings, dataKey: aws.kms.Key): sst.aws.ApiGatewayV2 {
  return createHttpApi("Operations", consoleApi, settings.deployment.console?.domain, settings, dataKey);
}

/** The authoriser, and behind it every path but those of the sign-in. */
export function createConsoleRoutes(api: sst.aws.ApiGatewayV2, functions: Functions): void {
  const authorizer = api.addAuthorizer({
    name: "Session",
    lambda: {
      function: functionOf(functions, consoleApi.authorizer.folder).arn,
      payload: "2.0",
      response: "simple",
      // With an identity source, API Gateway would refuse who has no session yet before anybody could send them to sign in, and
      // a remembered answer would hold for another method.
      identitySources: [],
      ttl: "0 seconds",
    },
    transform: { authorizer: { name: consoleApi.authorizer.name } },
  });
  for (const { route, folder, authorized } of consoleApi.routes) {
    api.route(
      route,
      functionOf(functions, folder).arn,
      authorized ? { auth: { lambda: authorizer.id } } : {},
    );
  }
}
