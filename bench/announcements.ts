import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import * as z from "zod";
import { AccessGranted } from "../events/access-granted.ts";
import { PromotionFailed } from "../events/promotion-failed.ts";
import lifecycleSettings from "../lifecycle.config.ts";
import { eventBusName } from "../stacks/definitions/deployment.ts";
import type { clientConfig } from "./client-config.ts";

const ruleName = "bench";

const AnnouncementSchema = z.object({
  "detail-type": z.string(),
  detail: z.object({
    card: z.object({ modelCardArn: z.string() }).optional(),
    audience: z.object({ stage: z.string() }).optional(),
  }),
});

/** Hears from Cardway's event bus who got access, by a queue of its own as any subscriber would. */
export class Announcements {
  private readonly sqs: SQSClient;
  private readonly queueUrl: string;
  private readonly waiting = new Map<string, PromiseWithResolvers<void>>();
  private readonly closing = new AbortController();
  private readonly listening: Promise<void>;

  private constructor(sqs: SQSClient, queueUrl: string) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
    this.listening = this.listen();
  }

  static async open(config: ReturnType<typeof clientConfig>): Promise<Announcements> {
    const sqs = new SQSClient(config);
    const events = new EventBridgeClient(config);
    const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: ruleName }));
    const Arn = `arn:aws:sqs:${config.region}:${lifecycleSettings.modelCardAccountId}:${ruleName}`;
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: Arn,
        },
      ],
    });
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    const EventPattern = JSON.stringify({
      "detail-type": [AccessGranted.detailType, PromotionFailed.detailType],
    });
    await events.send(new PutRuleCommand({ Name: ruleName, EventBusName: eventBusName, EventPattern }));
    await events.send(
      new PutTargetsCommand({
        Rule: ruleName,
        EventBusName: eventBusName,
        Targets: [{ Id: ruleName, Arn }],
      }),
    );
    return new Announcements(sqs, QueueUrl);
  }

  /** Settles when a stage can use a card; each is asked for once. */
  async granted(modelCardArn: string, stage: string): Promise<void> {
    const key = `${modelCardArn} ${stage}`;
    await this.expected(key).promise;
    this.waiting.delete(key);
  }

  async close(): Promise<void> {
    this.closing.abort();
    await this.listening;
  }

  private async listen(): Promise<void> {
    const { sqs, queueUrl: QueueUrl } = this;
    const abortSignal = this.closing.signal;
    while (!abortSignal.aborted) {
      try {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 }),
          { abortSignal },
        );
        for (const { Body = "" } of Messages) this.take(Body);
        await Promise.all(
          Messages.map(({ ReceiptHandle }) =>
            sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
          ),
        );
      } catch (error) {
        if (!abortSignal.aborted) throw error;
      }
    }
  }

  private take(body: string): void {
    const { "detail-type": detailType, detail } = AnnouncementSchema.parse(JSON.parse(body));
    if (detailType === PromotionFailed.detailType) throw new Error(`A promotion failed: ${body}`);
    this.expected(`${detail.card?.modelCardArn} ${detail.audience?.stage}`).resolve();
  }

  private expected(key: string): PromiseWithResolvers<void> {
    const found = this.waiting.get(key) ?? Promise.withResolvers<void>();
    this.waiting.set(key, found);
    return found;
  }
}
