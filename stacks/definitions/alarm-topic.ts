import { type Deployment, alarmTopicName, arnOf } from "./deployment.ts";
import { type PolicyDocument, document } from "./policy.ts";

/** The topic that alarms go to: only the alarms of this account may publish. */
export function alarmTopicPolicy(deployment: Deployment): PolicyDocument {
  return document([
    {
      Sid: "AlarmsPublish",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: "sns:Publish",
      Resource: arnOf("sns", alarmTopicName, deployment),
      Condition: {
        ArnLike: { "aws:SourceArn": arnOf("cloudwatch", "alarm:cardway-*", deployment) },
        StringEquals: { "aws:SourceAccount": deployment.modelCardAccountId },
      },
    },
  ]);
}
