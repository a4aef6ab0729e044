import * as z from "zod";
import type { LocalContext } from "../context.ts";
import { type DurableMap, durableMap } from "../journal/durable-map.ts";
import { AwsError } from "../wire/aws-error.ts";
import type { Call } from "../wire/caller.ts";
import type { Target } from "./target.ts";

/** An event bus. Plain data. */
export interface EventBus {
  name: string;
  arn: string;
  accountId: string;
  region: string;
  description?: string;
  tags: Record<string, string>;
  createdAt: Date;
  lastModifiedAt: Date;
  rules: Map<string, Rule>;
}

export interface Rule {
  name: string;
  arn: string;
  eventBusName: string;
  description?: string;
  /** JSON text, as it was put; absent where there is only a schedule. */
  eventPattern?: string;
  /** For example `rate(1 hour)`. */
  scheduleExpression?: string;
  state: RuleState;
  roleArn?: string;
  tags: Record<string, string>;
  /** By target id. */
  targets: Map<string, Target>;
}

export const RuleStateSchema = z.enum([
  "ENABLED",
  "DISABLED",
  "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
]);

export type RuleState = z.output<typeof RuleStateSchema>;

/** An account in a region: what every resource of EventBridge belongs to. */
export interface Place {
  accountId: string;
  region: string;
}

export function placeOf({ caller, region }: Call): Place {
  return { accountId: caller.accountId, region };
}

export const EventBusNameSchema = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[/.\-_A-Za-z0-9]+$/);

export const EventBusNameOrArnSchema = z
  .string()
  .min(1)
  .max(1600)
  .regex(/^(arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[/.\-_A-Za-z0-9]+$/);

export const RuleNameSchema = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[.\-_A-Za-z0-9]+$/);

export const TagListSchema = z.array(
  z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().max(256) }),
);

export function eventBusArn({ accountId, region }: Place, name: string): string {
  return `arn:aws:events:${region}:${accountId}:event-bus/${name}`;
}

/** ARN of a rule; the default bus is not part of it. */
export function ruleArn({ accountId, region }: Place, busName: string, ruleName: string): string {
  const path = busName === "default" ? ruleName : `${busName}/${ruleName}`;
  return `arn:aws:events:${region}:${accountId}:rule/${path}`;
}

/** Which bus a request names: by name, by ARN, or not at all, which is the default bus. */
export function resolveEventBus(nameOrArn: string | undefined, place: Place): Place & { name: string } {
  const [, region, accountId, name] =
    /^arn:aws[\w-]*:events:([\w-]+):(\d{12}):event-bus\/(.+)$/.exec(nameOrArn ?? "") ?? [];
  if (region === undefined || accountId === undefined || name === undefined) {
    return { accountId: place.accountId, region: place.region, name: nameOrArn ?? "default" };
  }
  return { accountId, region, name };
}

/** The event buses of every account and region. The default bus of each exists from the start. */
export class EventBuses {
  private readonly startedAt: Date;
  private readonly buses: DurableMap<EventBus>;

  constructor(context: Pick<LocalContext, "clock" | "journal">) {
    this.startedAt = context.clock.now();
    this.buses = durableMap(context, "events/buses");
  }

  /** Of every account and region. */
  all(): Iterable<EventBus> {
    return this.buses.values();
  }

  /** To be called after a bus, its rules or their targets were changed in place. */
  changed(nameOrArn: string | undefined, place: Place): void {
    const { name, ...owner } = resolveEventBus(nameOrArn, place);
    this.buses.touch(eventBusArn(owner, name));
  }

  /** @throws {AwsError} `ResourceNotFoundException` */
  require(nameOrArn: string | undefined, place: Place): EventBus {
    const { name, ...owner } = resolveEventBus(nameOrArn, place);
    const bus = this.find(name, owner);
    if (bus === undefined || owner.accountId !== place.accountId) {
      throw new AwsError("ResourceNotFoundException", `Event bus ${name} does not exist.`);
    }
    return bus;
  }

  /** @throws {AwsError} `ResourceNotFoundException` */
  requireRule(ruleName: string, nameOrArn: string | undefined, place: Place): Rule {
    const bus = this.require(nameOrArn, place);
    const rule = bus.rules.get(ruleName);
    if (rule === undefined) {
      throw new AwsError(
        "ResourceNotFoundException",
        `Rule ${ruleName} does not exist on EventBus ${bus.name}.`,
      );
    }
    return rule;
  }

  find(name: string, place: Place): EventBus | undefined {
    const arn = eventBusArn(place, name);
    const bus = this.buses.get(arn);
    if (bus !== undefined || name !== "default") return bus;
    return this.add("default", place, { createdAt: this.startedAt });
  }

  add(
    name: string,
    place: Place,
    details: { createdAt: Date; description?: string; tags?: Record<string, string> },
  ): EventBus {
    const bus: EventBus = {
      name,
      arn: eventBusArn(place, name),
      accountId: place.accountId,
      region: place.region,
      tags: {},
      lastModifiedAt: details.createdAt,
      rules: new Map(),
      ...details,
    };
    this.buses.set(bus.arn, bus);
    return bus;
  }

  remove(bus: EventBus): void {
    this.buses.delete(bus.arn);
  }

  /** Buses of one account and region, ordered by name. */
  list(place: Place): EventBus[] {
    this.find("default", place);
    return [...this.buses.values()]
      .filter(({ accountId, region }) => accountId === place.accountId && region === place.region)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}
