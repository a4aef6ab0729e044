import type { Service } from "../wire/service.ts";

/** Codes of the errors as SQS's older XML protocol names them, where they differ. */
const queryCodes: Record<string, string> = {
  QueueDoesNotExist: "AWS.SimpleQueueService.NonExistentQueue",
  QueueNameExists: "QueueAlreadyExists",
  PurgeQueueInProgress: "AWS.SimpleQueueService.PurgeQueueInProgress",
  MessageNotInflight: "AWS.SimpleQueueService.MessageNotInflight",
  UnsupportedOperation: "AWS.SimpleQueueService.UnsupportedOperation",
  InvalidParameterValueException: "InvalidParameterValue",
  AccessDeniedException: "AccessDenied",
};

/**
 * Adds the header by which SDKs keep the error codes of the XML protocol: boto3 shows them as the code, SDK v3 as
 * `error.Code` next to the modelled name.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
 */
export function withQueryErrors(service: Service): Service {
  return {
    ...service,
    async handle(request, call, environment) {
      const response = await service.handle(request, call, environment);
      const code = response.headers["x-amzn-errortype"];
      if (code === undefined) return response;
      if (code === "UnsupportedOperation") {
        environment.log(`sqs: ${request.headers["x-amz-target"] ?? ""} asks for what is not built here`);
      }
      const fault = response.status >= 500 ? "Receiver" : "Sender";
      const queryError = `${queryCodes[code] ?? code};${fault}`;
      return { ...response, headers: { ...response.headers, "x-amzn-query-error": queryError } };
    },
  };
}
