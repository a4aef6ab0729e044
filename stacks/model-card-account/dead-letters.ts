import { type Deployment, deadLetterQueueName } from "../definitions/deployment.ts";
import { deadLetterQueuePolicy } from "../definitions/roles.ts";

/** Where events wait that could not be delivered, for as long as SQS keeps anything: 14 days. */
export function createDeadLetterQueue(place: Deployment): aws.sqs.QueuePolicy {
  const queue = new aws.sqs.Queue("cardway-dead-letters", {
    name: deadLetterQueueName,
    messageRetentionSeconds: 14 * 86_400,
    sqsManagedSseEnabled: true,
  });
  return new aws.sqs.QueuePolicy("cardway-dead-letters", {
    queueUrl: queue.url,
    policy: JSON.stringify(deadLetterQueuePolicy(place)),
  });
}
