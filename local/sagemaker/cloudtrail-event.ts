import { ModelCardCallViaCloudTrail } from "../../events/model-card-call-via-cloudtrail.ts";
import type { EventEnvelope } from "../../events/envelope.ts";
import type { LocalContext } from "../context.ts";
import type { AwsError } from "../wire/aws-error.ts";
import type { Call, Caller } from "../wire/caller.ts";
import { wholeSeconds } from "./model-card-event.ts";

/** What CloudTrail writes in the place of a value that a service marks as sensitive. */
const hidden = "HIDDEN_DUE_TO_SECURITY_REASONS";

/** A call that CloudTrail records. */
interface RecordedCall {
  call: Call;
  eventName: string;
  /** The request as it was sent; its `Content` is hidden. */
  request: object;
  /** The answer, or what refused the call. */
  outcome: { answer: object } | { error: AwsError };
  /** Account that owns the resource, whose trail this is. */
  ownerAccountId: string;
}

/**
 * CloudTrail's record of a call, as EventBridge delivers it to the account that owns the resource.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function callViaCloudTrail(recorded: RecordedCall, context: LocalContext): EventEnvelope {
  const { call, eventName, request, outcome, ownerAccountId } = recorded;
  const time = wholeSeconds(context.clock.now());
  return {
    version: "0",
    id: context.newId(),
    "detail-type": ModelCardCallViaCloudTrail.detailType,
    source: ModelCardCallViaCloudTrail.source,
    account: ownerAccountId,
    time,
    region: call.region,
    resources: [],
    detail: {
      eventVersion: "1.11",
      userIdentity: userIdentity(call.caller),
      eventTime: time,
      eventSource: "sagemaker.amazonaws.com",
      eventName,
      awsRegion: call.region,
      sourceIPAddress: "127.0.0.1",
      ...("error" in outcome ? { errorCode: outcome.error.code, errorMessage: outcome.error.message } : {}),
      requestParameters: lowerCamel("Content" in request ? { ...request, Content: hidden } : request),
      responseElements: "answer" in outcome ? responseElements(outcome.answer) : null,
      requestID: call.requestId,
      eventID: context.newId(),
      readOnly: false,
      eventType: "AwsApiCall",
      managementEvent: true,
      recipientAccountId: ownerAccountId,
      ...(ownerAccountId === call.caller.accountId ? {} : { sharedEventID: context.newId() }),
      eventCategory: "Management",
    },
  };
}

/** CloudTrail writes an empty answer as null. */
function responseElements(answer: object): unknown {
  return Object.keys(answer).length === 0 ? null : lowerCamel(answer);
}

/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
function userIdentity({ accountId, principalArn, arn, userId, accessKeyId }: Caller): object {
  const identity = { principalId: userId, arn, accountId, accessKeyId };
  const resource = principalArn.slice(principalArn.lastIndexOf(":") + 1);
  const userName = resource.slice(resource.lastIndexOf("/") + 1);
  if (resource === "root") return { type: "Root", ...identity };
  if (!resource.startsWith("role/")) return { type: "IAMUser", ...identity, userName };
  return {
    type: "AssumedRole",
    ...identity,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: userId.split(":")[0],
        arn: principalArn,
        accountId,
        userName,
      },
    },
  };
}

/** The same value with member names that begin in lower case, as CloudTrail writes SageMaker's. */
function lowerCamel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerCamel);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      lowerCamel(member),
    ]),
  );
}
