import type { Identity } from "../identity/identity.ts";
import type { LocalContext } from "../context.ts";
import { AwsError } from "../wire/aws-error.ts";
import type { WireRequest, WireResponse } from "../wire/http.ts";
import type { Service } from "../wire/service.ts";
import { credentialScopeOf } from "./credential-scope.ts";
import type { CredentialScope } from "./credential-scope.ts";
import { frontDoorError, internalFailure } from "./front-door-error.ts";
import { createRegions } from "./regions.ts";
import { describeUnexpected } from "./unexpected-error.ts";

/** A page of the local endpoint itself, which needs no signature, for example `GET /_aws/ses`. */
export interface ExtraRoute {
  method: string;
  /** The exact path. */
  path: string;
  handle(request: WireRequest): WireResponse | Promise<WireResponse>;
}

export interface Endpoint {
  /** Answers a request; never rejects. Every answer carries `x-amzn-requestid`. */
  handle(request: WireRequest): Promise<WireResponse>;
}

/**
 * One address for all services, as `AWS_ENDPOINT_URL` needs it: finds the service by `X-Amz-Target`, else by the
 * signature's credential scope, and works out who calls it in which region.
 *
 * @param definition.homeRegion - Region of calls to global services, and of calls that are signed for `aws-global`.
 * @param definition.onRegion - Awaited before the first call in a region, and again after it failed. Calls that it
 *   makes itself do not wait for it.
 */
export function createEndpoint({
  context,
  services,
  identity,
  homeRegion,
  onRegion,
  extraRoutes = [],
}: {
  context: Pick<LocalContext, "newId" | "log">;
  services: readonly Service[];
  identity: Pick<Identity, "callerOf" | "authorize">;
  homeRegion: string;
  onRegion?: (region: string) => Promise<void>;
  extraRoutes?: readonly ExtraRoute[];
}): Endpoint {
  const { newId, log } = context;
  const bySigningName = new Map(services.map((service) => [service.signingName, service]));
  const byTargetPrefix = new Map(
    services.flatMap((service) =>
      service.targetPrefix === undefined ? [] : [[service.targetPrefix, service]],
    ),
  );
  const regions = createRegions(onRegion);

  function serviceFor({ headers, method }: WireRequest, { signingName }: CredentialScope): Service {
    const target = headers["x-amz-target"] ?? "";
    const service =
      byTargetPrefix.get(target.slice(0, target.lastIndexOf("."))) ?? bySigningName.get(signingName);
    if (service !== undefined) return service;
    log(
      `${signingName}: ${target === "" ? method : target} is not built: the local endpoint has no such service`,
    );
    throw new AwsError("InvalidAction", `The local endpoint has no service "${signingName}".`);
  }

  async function callService(request: WireRequest, requestId: string): Promise<WireResponse> {
    const scope = credentialScopeOf(request);
    if (scope === undefined) {
      throw new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403);
    }
    const caller = identity.callerOf(scope);
    const service = serviceFor(request, scope);
    const region = service.global === true || scope.region === "aws-global" ? homeRegion : scope.region;
    await regions.open(region);
    return service.handle(request, { caller, region, requestId }, { authorize: identity.authorize, log });
  }

  async function answer(request: WireRequest, requestId: string): Promise<WireResponse> {
    try {
      const route = extraRoutes.find(
        ({ method, path }) => method === request.method && path === request.path,
      );
      return await (route === undefined ? callService(request, requestId) : route.handle(request));
    } catch (error) {
      if (error instanceof AwsError) return frontDoorError(request, error, requestId);
      log(`${request.headers["x-amz-target"] ?? request.method}: unexpected ${describeUnexpected(error)}`);
      return frontDoorError(request, internalFailure(), requestId);
    }
  }

  return {
    async handle(request) {
      const requestId = newId();
      const response = await answer(request, requestId);
      return { ...response, headers: { ...response.headers, "x-amzn-requestid": requestId } };
    },
  };
}
