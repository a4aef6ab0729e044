import type { LocalContext } from "../context.ts";
import { DurableMap, durableMap } from "../journal/durable-map.ts";
import { AwsError } from "../wire/aws-error.ts";
import { invalidParameter } from "./message-attributes.ts";
import { defaultQueueSettings, parseQueueSettings, settingsAsAttributes } from "./queue-attributes.ts";
import type { Message, MessageToSend, Queue } from "./queue.ts";
import { enqueue, nextVisibleAt, take } from "./queue.ts";

export interface NewQueue {
  accountId: string;
  region: string;
  queueName: string;
  /** As `CreateQueue` takes them, for example `{ VisibilityTimeout: "60" }`. */
  attributes?: Record<string, string>;
  tags?: Record<string, string>;
}

/** The queues of every account and region, and the calls that wait for a message of one. */
export class QueueStore {
  private readonly context: LocalContext;
  private readonly queues: DurableMap<Queue, Omit<Queue, "messages">>;
  /** Calls of `ReceiveMessage` that wait, by queue ARN. */
  private readonly waiting = new Map<string, Set<() => void>>();

  constructor(context: LocalContext) {
    this.context = context;
    this.queues = new DurableMap(context.journal, "sqs/queues", {
      write: ({ messages: _writtenOneByOne, ...queue }) => queue,
      read: (queue) => ({ ...queue, messages: messagesOf(context, queue.arn) }),
    });
  }

  /** @throws {AwsError} `QueueDoesNotExist` */
  require(queueArn: string): Queue {
    const queue = this.queues.get(queueArn);
    if (queue === undefined) throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
    return queue;
  }

  /** Queues of one account and region, ordered by name. */
  list(accountId: string, region: string): Queue[] {
    return [...this.queues.values()]
      .filter((queue) => queue.accountId === accountId && queue.region === region)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Creates a queue, or answers with the existing one if it has the same attributes.
   *
   * @throws {AwsError} `QueueNameExists`, `InvalidParameterValueException`, `UnsupportedOperation` for a FIFO queue, and
   *   what `parseQueueSettings` throws.
   */
  create({ accountId, region, queueName, attributes = {}, tags = {} }: NewQueue): Queue {
    if (queueName.endsWith(".fifo")) {
      throw new AwsError("UnsupportedOperation", "FIFO queues are not built in the local endpoint.");
    }
    if (!/^[\w-]{1,80}$/.test(queueName)) {
      throw invalidParameter(
        "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length",
      );
    }
    const settings = parseQueueSettings(attributes);
    const arn = `arn:aws:sqs:${region}:${accountId}:${queueName}`;
    const existing = this.queues.get(arn);
    if (existing !== undefined) {
      const present = settingsAsAttributes(existing.settings);
      const differing = Object.entries(attributes).find(([name, value]) => (present[name] ?? "") !== value);
      if (differing === undefined) return existing;
      throw new AwsError(
        "QueueNameExists",
        `A queue already exists with the same name and a different value for attribute ${differing[0]}`,
      );
    }
    const now = this.context.clock.now();
    const queue: Queue = {
      arn,
      name: queueName,
      accountId,
      region,
      settings: { ...defaultQueueSettings, ...settings },
      createdAt: now,
      lastModifiedAt: now,
      tags,
      messages: messagesOf(this.context, arn),
    };
    this.queues.set(arn, queue);
    return queue;
  }

  /** To be called after anything of a queue but its messages was changed in place. */
  changed(queue: Queue): void {
    this.queues.touch(queue.arn);
  }

  /** Creates a queue, or sets the attributes of the one that there is. */
  put(request: NewQueue): void {
    const { accountId, region, queueName, attributes = {} } = request;
    const queue = this.queues.get(`arn:aws:sqs:${region}:${accountId}:${queueName}`);
    if (queue === undefined) this.create(request);
    else this.setAttributes(queue, attributes);
  }

  /** @throws what `parseQueueSettings` throws. */
  setAttributes(queue: Queue, attributes: Record<string, string>): void {
    queue.settings = { ...queue.settings, ...parseQueueSettings(attributes) };
    queue.lastModifiedAt = this.context.clock.now();
    this.changed(queue);
  }

  delete(queue: Queue): void {
    queue.messages.clear();
    this.queues.delete(queue.arn);
    this.wake(queue);
  }

  /** @throws {AwsError} `InvalidParameterValueException`, `InvalidMessageContents` */
  send(queue: Queue, message: MessageToSend): Message {
    const sent = enqueue(queue, message, this.context);
    this.wake(queue);
    return sent;
  }

  /** Receives at once what is there, else waits up to `waitSeconds` for the first message. */
  async receive(
    queue: Queue,
    request: { limit: number; visibilityTimeoutSeconds: number; waitSeconds: number },
  ): Promise<Message[]> {
    const { clock } = this.context;
    const deadlineMs = clock.now().getTime() + request.waitSeconds * 1000;
    for (;;) {
      const now = clock.now();
      const taken = take(queue, request.limit, request.visibilityTimeoutSeconds, now);
      if (taken.length > 0 || now.getTime() >= deadlineMs || !this.queues.has(queue.arn)) return taken;
      const nextMs = Math.min(deadlineMs, nextVisibleAt(queue)?.getTime() ?? deadlineMs);
      await this.change(queue, nextMs - now.getTime());
    }
  }

  /** Lets the waiting receivers of a queue look again. */
  wake(queue: Queue): void {
    for (const lookAgain of this.waiting.get(queue.arn) ?? []) lookAgain();
  }

  /** Settles on the next `wake`, and after `withinMs` at the latest. */
  private change(queue: Queue, withinMs: number): Promise<void> {
    const receivers = this.waiting.get(queue.arn) ?? new Set();
    this.waiting.set(queue.arn, receivers);
    return new Promise((resolve) => {
      const lookAgain = (): void => {
        cancel();
        receivers.delete(lookAgain);
        if (receivers.size === 0) this.waiting.delete(queue.arn);
        resolve();
      };
      const cancel = this.context.clock.after(withinMs, lookAgain);
      receivers.add(lookAgain);
    });
  }
}

function messagesOf(context: LocalContext, queueArn: string): DurableMap<Message> {
  return durableMap(context, `sqs/messages/${queueArn}`);
}
