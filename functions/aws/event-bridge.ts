import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { AwsUnavailableError } from "../errors.ts";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { awsCall } from "./aws-call.ts";

/** Our own events, on our own bus. */
export interface Events {
  /** @throws {AwsUnavailableError} the bus did not take every event (transient; publishing again is safe). */
  publish(
    events: { source: string; detailType: string; modelCardArn?: string; detail: object }[],
  ): Promise<void>;
}

/** PutEvents takes this many entries a call. */
const entriesPerCall = 10;

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
export function createEvents(runtime: Runtime, eventBusName: string): Events {
  const client = runtime.trace(new EventBridgeClient(clientConfig(runtime)));
  return {
    async publish(events) {
      const entries = events.map(({ source, detailType, modelCardArn, detail }) => ({
        EventBusName: eventBusName,
        Source: source,
        DetailType: detailType,
        Detail: JSON.stringify(detail),
        Time: runtime.now(),
        ...(modelCardArn !== undefined && { Resources: [modelCardArn] }),
      }));
      for (let start = 0; start < entries.length; start += entriesPerCall) {
        const answer = await awsCall("EventBridge PutEvents", () =>
          client.send(new PutEventsCommand({ Entries: entries.slice(start, start + entriesPerCall) })),
        );
        if ((answer.FailedEntryCount ?? 0) > 0) {
          const codes = answer.Entries?.flatMap(({ ErrorCode }) => ErrorCode ?? []).join(", ");
          throw new AwsUnavailableError(
            `EventBridge did not take ${answer.FailedEntryCount} events: ${codes}. It is tried again.`,
          );
        }
      }
    },
  };
}
