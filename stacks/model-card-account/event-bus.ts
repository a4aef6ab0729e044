import type { Settings } from "../../functions/lifecycle/settings.ts";
import { type Deployment, eventBusName, eventLogGroupName } from "../definitions/deployment.ts";
import { archiveDays, eventLogPolicy, eventLogRule } from "../definitions/event-bus.ts";
import { createLogGroup } from "./log-group.ts";

/**
 * Our own bus, its archive, and the log of everything on it.
 *
 * @returns the log, and all that has to be there as long as somebody announces something.
 */
export function createEventBus(place: Deployment, settings: Settings, dataKey: aws.kms.Key) {
  const bus = new aws.cloudwatch.EventBus("cardway", {
    name: eventBusName,
    description: "What Cardway announces: access, approvals, failures.",
  });
  const archive = new aws.cloudwatch.EventArchive("cardway", {
    name: eventBusName,
    description: "Everything that Cardway announced, for replay.",
    eventSourceArn: bus.arn,
    retentionDays: archiveDays,
  });
  const log = createLogGroup(eventLogGroupName, settings, dataKey);
  const policy = new aws.cloudwatch.LogResourcePolicy("cardway-events", {
    policyName: "cardway-events",
    policyDocument: JSON.stringify(eventLogPolicy(place)),
  });
  const { name, description, pattern } = eventLogRule;
  const rule = new aws.cloudwatch.EventRule(name, {
    name,
    description,
    eventBusName: bus.name,
    eventPattern: JSON.stringify(pattern),
  });
  const target = new aws.cloudwatch.EventTarget(
    name,
    { rule: rule.name, eventBusName: bus.name, targetId: "log", arn: log.arn },
    { dependsOn: [policy] },
  );
  return { log, announcing: [bus, archive, target] };
}
