import type { Settings } from "../../functions/lifecycle/settings.ts";
import { approvalApi } from "../definitions/approval-api.ts";
import { type Functions, functionOf } from "./functions.ts";
import { createHttpApi } from "./http-api.ts";

/** The address that approvers open. */
export function createApprovalApi(settings: Settings, dataKey: aws.kms.Key): sst.aws.ApiGatewayV2 {
  return createHttpApi("Approvals", approvalApi, settings.deployment.approvalPageDomain, settings, dataKey);
}

/** Every path is the page's own business: it answers what it does not know with 404. */
export function createApprovalRoute(api: sst.aws.ApiGatewayV2, functions: Functions): void {
  api.route("$default", functionOf(functions, "approval-page").arn);
}
