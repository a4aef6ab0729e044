import type { Deployment } from "../definitions/deployment.ts";
import { deadLetterQueues } from "../definitions/rules.ts";

/** Where events wait that could not be delivered, a queue for each rule, for as long as SQS keeps anything: 14 days. */
export function createDeadLetterQueues(place: Deployment): aws.sqs.QueuePolicy[] {
  return deadLetterQueues(place).map(({ queueName, policy }) => {
    const queue = new aws.sqs.Queue(queueName, {
      name: queueName,
      messageRetentionSeconds: 14 * 86_400,
      sqsManagedSseEnabled: true,
    });
    return new aws.sqs.QueuePolicy(queueName, { queueUrl: queue.url, policy: JSON.stringify(policy) });
  });
}
