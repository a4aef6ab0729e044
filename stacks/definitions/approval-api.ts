import { approvalApiName } from "./deployment.ts";
import { type HttpApiDefinition, accessLogFormat } from "./http-api.ts";

/** The HTTP API in front of the approval page. An approver makes a handful of requests. */
export const approvalApi: HttpApiDefinition = {
  name: approvalApiName,
  throttling: { rateLimit: 20, burstLimit: 50 },
  accessLogFormat: accessLogFormat(),
};
