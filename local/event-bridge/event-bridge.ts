import type * as z from "zod";
import type { EventEnvelope } from "../../events/envelope.ts";
import type { LocalContext } from "../context.ts";
import { durableMap } from "../journal/durable-map.ts";
import { AwsError } from "../wire/aws-error.ts";
import { awsJsonService } from "../wire/aws-json.ts";
import type { Service } from "../wire/service.ts";
import { describeInvalidInput } from "../wire/validation.ts";
import type { Delivery, DeliveryReport } from "./delivery.ts";
import { createDeliveries } from "./delivery.ts";
import { CreateEventBusSchema, createEventBus, eventBusOperations } from "./event-bus-operations.ts";
import type { EventBus, Place, Rule } from "./event-bus.ts";
import { EventBuses, resolveEventBus } from "./event-bus.ts";
import { eventOperations } from "./event-operations.ts";
import { compileEventPattern } from "./event-pattern.ts";
import { PutRuleSchema, putRule, removeRule, ruleOperations } from "./rule-operations.ts";
import { Schedules } from "./schedules.ts";
import { tagOperations } from "./tag-operations.ts";
import { createTargetCall } from "./target-call.ts";
import type { TargetServices } from "./target-call.ts";
import type { IngestedEvent } from "./target-input.ts";
import { PutTargetsSchema, putTargets, targetOperations } from "./target-operations.ts";
import { UndeliverableError } from "./undeliverable-error.ts";

export interface EventBridgeDependencies extends TargetServices {
  /** Milliseconds from a service's event to its delivery to rules. */
  eventDelayMs: () => number;
}

/** The local Amazon EventBridge: event buses, rules and targets of every account and region. */
export interface EventBridge {
  service: Service;
  /** Puts a native event of an AWS service onto the default bus of the event's account and region. */
  publish(event: EventEnvelope): void;
  /** What `CreateEventBus` does, from within the process. @throws {AwsError} as the operation does. */
  createEventBus(place: Place, request: z.input<typeof CreateEventBusSchema>): { eventBusArn: string };
  /** What `PutRule` does, from within the process. @throws {AwsError} as the operation does. */
  putRule(place: Place, request: z.input<typeof PutRuleSchema>): { ruleArn: string };
  /** Removes a rule of the default bus with its targets, as a deployment does where it is defined no more. */
  removeRule(place: Place, ruleName: string): void;
  /** What `PutTargets` does, from within the process. @throws {AwsError} as the operation does. */
  putTargets(place: Place, request: z.input<typeof PutTargetsSchema>): void;
  /** Tells `listener` of every attempt to deliver an event. The returned function ends that. */
  onDelivery(listener: (report: DeliveryReport) => void): () => void;
  /** Takes up what an earlier process has left: events on their way, deliveries, schedules. */
  resume(): void;
}

/** An event that the bus will have a moment later. Plain data. */
interface Arriving {
  ingested: IngestedEvent;
  busName: string;
  place: Place;
  forwarded: boolean;
  dueAt: Date;
}

/**
 * Builds the part of Amazon EventBridge that routes events to state machines, functions, queues and other buses.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/Welcome.html
 */
export function createEventBridge(context: LocalContext, dependencies: EventBridgeDependencies): EventBridge {
  const { clock } = context;
  const buses = new EventBuses(context);
  const matchers = new WeakMap<Rule, (event: object) => boolean>();
  const arriving = durableMap<Arriving>(context, "events/arriving");
  const restored = [...arriving.keys()];
  let ingestions = 0;
  const listeners = new Set<(report: DeliveryReport) => void>();

  const deliveries = createDeliveries(context, {
    attempt: createTargetCall(dependencies, forward),
    sendToDeadLetterQueue: (message) => dependencies.sendMessage(message),
    report: (report) => {
      for (const listener of listeners) listener(report);
    },
  });

  const schedules = new Schedules(context, (rule, event) =>
    deliver(rule, { event, text: JSON.stringify(event), ingestedAt: clock.now() }, false),
  );

  function matches(rule: Rule, event: EventEnvelope): boolean {
    if (rule.eventPattern === undefined) return false;
    const matcher = matchers.get(rule) ?? compileEventPattern(rule.eventPattern);
    matchers.set(rule, matcher);
    return matcher(event);
  }

  function route(bus: EventBus, ingested: IngestedEvent, forwarded: boolean): void {
    for (const rule of bus.rules.values()) {
      if (rule.state !== "DISABLED" && matches(rule, ingested.event)) deliver(rule, ingested, forwarded);
    }
  }

  function deliver({ arn, name, targets }: Rule, ingested: IngestedEvent, forwarded: boolean): void {
    for (const target of targets.values()) {
      deliveries.start({ ...ingested, rule: { arn, name }, target, forwarded, retries: 0 });
    }
  }

  /** Takes an event now and routes it by the rules that the bus has after `delayMs`. */
  function ingest(event: EventEnvelope, busName: string, place: Place, delayMs: number): void {
    const ingested = { event, text: JSON.stringify(event), ingestedAt: clock.now() };
    arrive({ ingested, busName, place, forwarded: false }, delayMs);
  }

  function arrive(event: Omit<Arriving, "dueAt">, delayMs: number): void {
    const { ingestedAt } = event.ingested;
    ingestions += 1;
    // Unique also among those of an earlier process.
    const key = `${ingestedAt.getTime()}/${ingestions}/${event.ingested.event.id}`;
    arriving.set(key, { ...event, dueAt: new Date(ingestedAt.getTime() + delayMs) });
    awaitArrival(key, delayMs);
  }

  function awaitArrival(key: string, delayMs: number): void {
    clock.after(delayMs, () => {
      const event = arriving.get(key);
      const bus = event && buses.find(event.busName, event.place);
      if (event !== undefined && bus !== undefined) route(bus, event.ingested, event.forwarded);
      arriving.delete(key);
    });
  }

  function forward({ event, text, target, forwarded }: Delivery): void {
    if (forwarded) {
      throw new UndeliverableError(
        "THIRD_ACCOUNT_HOP_DETECTED",
        "Events received from another event bus cannot be forwarded to this event bus.",
      );
    }
    const { name, ...place } = resolveEventBus(target.Arn, {
      accountId: event.account,
      region: event.region,
    });
    const bus = buses.find(name, place);
    if (bus === undefined) throw new UndeliverableError("NO_RESOURCE", `Event bus ${name} does not exist.`);
    const ingested = { event, text, ingestedAt: clock.now() };
    arrive({ ingested, busName: name, place, forwarded: true }, 0);
  }

  /** @throws {AwsError} `ValidationException` */
  function parse<Schema extends z.ZodType>(schema: Schema, request: z.input<Schema>): z.output<Schema> {
    const parsed = schema.safeParse(request, { reportInput: true });
    if (parsed.success) return parsed.data;
    const { message, notModelled } = describeInvalidInput(parsed.error);
    for (const member of notModelled) context.log(`events: ${member} is not built in the local endpoint`);
    throw new AwsError("ValidationException", message);
  }

  return {
    service: awsJsonService({
      signingName: "events",
      version: "1.1",
      targetPrefix: "AWSEvents",
      sensitive: ["Entries"],
      operations: {
        ...eventBusOperations(context, buses),
        ...ruleOperations(context, { buses, schedules }),
        ...targetOperations(context, buses),
        ...tagOperations(buses),
        ...eventOperations(context, buses, (event, busName, place) => ingest(event, busName, place, 0)),
      },
    }),
    publish(event) {
      const { account: accountId, region } = event;
      ingest(event, "default", { accountId, region }, dependencies.eventDelayMs());
    },
    createEventBus: (place, request) => ({
      eventBusArn: createEventBus(context, buses, place, parse(CreateEventBusSchema, request)).arn,
    }),
    putRule: (place, request) => ({
      ruleArn: putRule(context, { buses, schedules }, place, parse(PutRuleSchema, request)).arn,
    }),
    removeRule: (place, ruleName) => removeRule({ buses, schedules }, place, ruleName),
    putTargets: (place, request) => putTargets(context, buses, place, parse(PutTargetsSchema, request)),
    onDelivery(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    resume() {
      for (const bus of buses.all()) for (const rule of bus.rules.values()) schedules.resume(rule, bus);
      for (const key of restored.splice(0)) {
        const dueMs = arriving.get(key)?.dueAt.getTime() ?? 0;
        awaitArrival(key, Math.max(0, dueMs - clock.now().getTime()));
      }
      deliveries.resume();
    },
  };
}
