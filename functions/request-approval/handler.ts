import { createEmailSender } from "../aws/email.ts";
import { createLinkSigner } from "../aws/kms.ts";
import { createModelCards } from "../aws/sagemaker.ts";
import { createExecutions } from "../aws/step-functions.ts";
import { effectsDependencies } from "../effects-dependencies.ts";
import { aboutPromotion } from "../promotion.ts";
import { RequestApprovalEnvironmentSchema } from "../runtime/environment.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { RequestApprovalInputSchema, requestApproval } from "./request-approval.ts";

export const handler = lambdaHandler({
  environment: RequestApprovalEnvironmentSchema,
  input: RequestApprovalInputSchema,
  about: ({ promotion }) => aboutPromotion(promotion),
  start(runtime) {
    const { CONFIGURATION_SET_NAME, LINK_KEY_ID, APPROVAL_PAGE_URL } = runtime.variables;
    const dependencies = {
      ...effectsDependencies(runtime),
      modelCards: createModelCards(runtime),
      executions: createExecutions(runtime),
      emails: createEmailSender(runtime, CONFIGURATION_SET_NAME),
      signer: createLinkSigner(runtime, LINK_KEY_ID),
      approvalPageUrl: APPROVAL_PAGE_URL,
    };
    return (input) => requestApproval(input, dependencies);
  },
});
