import type { Settings } from "../../functions/lifecycle/settings.ts";
import { approvalApi } from "../definitions/approval-api.ts";
import { approvalApiName } from "../definitions/deployment.ts";
import { type Functions, functionOf } from "./functions.ts";

/** The address that approvers open: an HTTP API, under the settings' own domain where they name one. */
export function createApprovalApi(settings: Settings, dataKey: aws.kms.Key): sst.aws.ApiGatewayV2 {
  const { approvalPageDomain: domain } = settings.deployment;
  return new sst.aws.ApiGatewayV2("Approvals", {
    // Nobody but the page itself has business with it.
    cors: false,
    ...(domain && {
      domain: domain.certificateArn
        ? { name: domain.name, dns: false, cert: domain.certificateArn }
        : { name: domain.name },
    }),
    transform: {
      api: { name: approvalApiName, disableExecuteApiEndpoint: domain !== undefined },
      stage: (args) => {
        args.defaultRouteSettings = {
          throttlingRateLimit: approvalApi.throttling.rateLimit,
          throttlingBurstLimit: approvalApi.throttling.burstLimit,
        };
        args.accessLogSettings = $output(args.accessLogSettings).apply((settings) => ({
          destinationArn: settings?.destinationArn ?? "",
          format: approvalApi.accessLogFormat,
        }));
        return undefined;
      },
      logGroup: (args, options) => {
        args.name = `/aws/vendedlogs/apis/${approvalApiName}`;
        args.retentionInDays = settings.deployment.logRetentionDays;
        args.kmsKeyId = dataKey.arn;
        options.retainOnDelete = true;
        return undefined;
      },
    },
  });
}

/** Every path is the page's own business: it answers what it does not know with 404. */
export function createApprovalRoute(api: sst.aws.ApiGatewayV2, functions: Functions): void {
  api.route("$default", functionOf(functions, "approval-page").arn);
}
