import type { WireRequest, WireResponse } from "../../../local/wire/http.ts";
import type { Permission } from "../../../local/wire/operation.ts";
import type { Service } from "../../../local/wire/service.ts";

/** A request with nothing in it but what a test gives. */
export function requestOf(
  given: Partial<Omit<WireRequest, "body">> & { body?: string | Uint8Array },
): WireRequest {
  const { body = "", ...rest } = given;
  return {
    method: "POST",
    path: "/",
    query: new URLSearchParams(),
    headers: {},
    ...rest,
    body: typeof body === "string" ? new TextEncoder().encode(body) : body,
  };
}

/** Calls a service as its endpoint would, and keeps what it logs and asks permission for. */
export async function callService(service: Service, request: WireRequest, refusal?: string) {
  const lines: string[] = [];
  const asked: Permission[] = [];
  const caller = {
    accountId: "111111111111",
    principalArn: "arn:aws:iam::111111111111:user/administrator",
    arn: "arn:aws:iam::111111111111:user/administrator",
    userId: "AIDA",
    accessKeyId: "111111111111",
  };
  const response = await service.handle(
    request,
    { caller, region: "eu-central-1", requestId: "request-1" },
    {
      authorize: (permissions) => {
        asked.push(...permissions);
        return refusal;
      },
      log: (line) => lines.push(line),
    },
  );
  return { response, lines, asked };
}

export function jsonOf({ body }: WireResponse): unknown {
  return JSON.parse(typeof body === "string" ? body : new TextDecoder().decode(body));
}
