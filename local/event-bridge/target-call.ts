import { createHash } from "node:crypto";
import type { Permission } from "../wire/operation.ts";
import type { Delivery, TargetAnswer } from "./delivery.ts";
import { compileTargetInput } from "./target-input.ts";
import type { TargetInput } from "./target-input.ts";
import type { Target, TargetKind } from "./target.ts";
import { targetKind } from "./target.ts";
import { UndeliverableError } from "./undeliverable-error.ts";

/** The services behind the targets, each throwing `AwsError` as AWS answers. */
export interface TargetServices {
  startExecution(request: { stateMachineArn: string; input: string; name?: string }): {
    executionArn: string;
  };
  /** Invokes asynchronously: settles when the function's queue has taken the event. */
  invokeFunction(request: { functionArn: string; payload: unknown }): Promise<void>;
  sendMessage(request: { queueArn: string; body: string; attributes: Record<string, string> }): void;
  /** Whether a role's policies allow what EventBridge does with it. */
  roleMay(roleArn: string, permission: Permission): boolean;
}

const actions: Record<TargetKind, string> = {
  "state machine": "states:StartExecution",
  function: "lambda:InvokeFunction",
  queue: "sqs:SendMessage",
  "event bus": "events:PutEvents",
};

/**
 * Builds the call of a target with one event.
 *
 * @param forward - Puts the event onto another bus, unchanged.
 */
export function createTargetCall(
  services: TargetServices,
  forward: (delivery: Delivery) => void,
): (delivery: Delivery) => Promise<TargetAnswer> {
  const inputs = new WeakMap<Target, TargetInput>();

  function inputOf(delivery: Delivery): string {
    const input = inputs.get(delivery.target) ?? compileTargetInput(delivery.target);
    inputs.set(delivery.target, input);
    return input(delivery, delivery.rule);
  }

  const calls: Record<TargetKind, (delivery: Delivery) => TargetAnswer | Promise<TargetAnswer>> = {
    "state machine": (delivery) => {
      const input = inputOf(delivery);
      parseInput(input);
      const stateMachineArn = delivery.target.Arn;
      return services.startExecution({ stateMachineArn, input, ...executionName(delivery) });
    },
    function: async (delivery) => {
      const payload = parseInput(inputOf(delivery));
      await services.invokeFunction({ functionArn: delivery.target.Arn, payload });
      return {};
    },
    queue: (delivery) => {
      services.sendMessage({ queueArn: delivery.target.Arn, body: inputOf(delivery), attributes: {} });
      return {};
    },
    "event bus": (delivery) => {
      forward(delivery);
      return {};
    },
  };

  return async (delivery) => {
    const { Arn } = delivery.target;
    const kind = targetKind(Arn);
    if (kind === undefined) throw new UndeliverableError("NO_RESOURCE", `${Arn} is no target.`);
    requirePermission(services, delivery, actions[kind]);
    return await calls[kind](delivery);
  };
}

/** State machines and functions take JSON only. */
function parseInput(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UndeliverableError("INVALID_JSON", "The target's input is not valid JSON");
  }
}

function requirePermission(services: TargetServices, { event, target }: Delivery, action: string): void {
  const { RoleArn: roleArn, Arn: resource } = target;
  if (roleArn === undefined || services.roleMay(roleArn, { action, resource })) return;
  const session = `${roleArn.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/")}/${event.id}`;
  throw new UndeliverableError(
    "NO_PERMISSIONS",
    `User: ${session} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
  );
}

/**
 * The name of the execution that an event starts: the event's id and an id of rule and target, so that a repeated
 * delivery of the same event to the same target starts nothing twice.
 */
function executionName({ event, rule, target }: Delivery): { name?: string } {
  if (!/^[\w-]{1,43}$/.test(event.id)) return {};
  const hash = createHash("sha256").update(`${rule.arn} ${target.Id}`).digest("hex");
  const suffix = [
    hash.slice(0, 8),
    hash.slice(8, 12),
    hash.slice(12, 16),
    hash.slice(16, 20),
    hash.slice(20, 32),
  ];
  return { name: `${event.id}_${suffix.join("-")}` };
}
