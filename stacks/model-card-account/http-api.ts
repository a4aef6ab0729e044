import type { HostedDomain } from "../../functions/lifecycle/hosted-domain.ts";
import type { Settings } from "../../functions/lifecycle/settings.ts";
import type { HttpApiDefinition } from "../definitions/http-api.ts";

/**
 * An HTTP API without routes, under a domain of its own where the settings name one.
 *
 * @param logicalName - For SST, in Pascal case.
 */
export function createHttpApi(
  logicalName: string,
  { name, throttling, accessLogFormat }: HttpApiDefinition,
  domain: HostedDomain | undefined,
  settings: Settings,
  dataKey: aws.kms.Key,
): sst.aws.ApiGatewayV2 {
  return new sst.aws.ApiGatewayV2(logicalName, {
    // Nobody but its own pages has business with it.
    cors: false,
    ...(domain && {
      domain: domain.certificateArn
        ? { name: domain.name, dns: false, cert: domain.certificateArn }
        : { name: domain.name },
    }),
    transform: {
      api: { name, disableExecuteApiEndpoint: domain !== undefined },
      stage: (args) => {
        args.defaultRouteSettings = {
          throttlingRateLimit: throttling.rateLimit,
          throttlingBurstLimit: throttling.burstLimit,
        };
        args.accessLogSettings = $output(args.accessLogSettings).apply((settings) => ({
          destinationArn: settings?.destinationArn ?? "",
          format: accessLogFormat,
        }));
        return undefined;
      },
      logGroup: (args, options) => {
        args.name = `/aws/vendedlogs/apis/${name}`;
        args.retentionInDays = settings.deployment.logRetentionDays;
        args.kmsKeyId = dataKey.arn;
        options.retainOnDelete = true;
        return undefined;
      },
    },
  });
}
