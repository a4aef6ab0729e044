import { createPromotionRecords } from "../aws/dynamodb.ts";
import { createEmailSender } from "../aws/email.ts";
import { createEvents } from "../aws/event-bridge.ts";
import { createLinkSigner } from "../aws/kms.ts";
import { createModelCards } from "../aws/sagemaker.ts";
import { createExecutions } from "../aws/step-functions.ts";
import { RequestApprovalEnvironmentSchema } from "../runtime/environment.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { RequestApprovalInputSchema, requestApproval } from "./request-approval.ts";

export const handler = lambdaHandler({
  environment: RequestApprovalEnvironmentSchema,
  input: RequestApprovalInputSchema,
  start(runtime) {
    const { TABLE_NAME, EVENT_BUS_NAME, CONFIGURATION_SET_NAME, LINK_KEY_ID, APPROVAL_PAGE_URL } =
      runtime.variables;
    const dependencies = {
      modelCards: createModelCards(runtime),
      records: createPromotionRecords(runtime, TABLE_NAME),
      events: createEvents(runtime, EVENT_BUS_NAME),
      executions: createExecutions(runtime),
      emails: createEmailSender(runtime, CONFIGURATION_SET_NAME),
      signer: createLinkSigner(runtime, LINK_KEY_ID),
      approvalPageUrl: APPROVAL_PAGE_URL,
      settings: runtime.settings,
      now: runtime.now,
    };
    return (input) => requestApproval(input, dependencies);
  },
});
