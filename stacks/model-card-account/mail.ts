import type { Settings } from "../../functions/lifecycle/settings.ts";
import { configurationSetName } from "../definitions/deployment.ts";

/**
 * The sender, and the configuration set of all mails: they travel encrypted or not at all, and what bounces is counted.
 * Nothing rewrites links or counts who opened them.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/using-configuration-sets.html
 */
export function createMailSender({ approval: { sender }, deployment }: Settings): $util.Resource {
  const set = new aws.sesv2.ConfigurationSet("cardway", {
    configurationSetName,
    deliveryOptions: { tlsPolicy: "REQUIRE" },
    reputationOptions: { reputationMetricsEnabled: true },
    suppressionOptions: { suppressedReasons: ["BOUNCE", "COMPLAINT"] },
  });
  new aws.sesv2.ConfigurationSetEventDestination("cardway-undelivered", {
    configurationSetName: set.configurationSetName,
    eventDestinationName: "undelivered",
    eventDestination: {
      enabled: true,
      matchingEventTypes: ["BOUNCE", "COMPLAINT", "REJECT", "RENDERING_FAILURE", "DELIVERY_DELAY"],
      // Metrics, not events: an event would carry the recipient's address.
      cloudWatchDestination: {
        dimensionConfigurations: [
          {
            dimensionName: "ses:configuration-set",
            dimensionValueSource: "MESSAGE_TAG",
            defaultDimensionValue: configurationSetName,
          },
        ],
      },
    },
  });
  if (deployment.senderIdentity === "create") {
    new aws.sesv2.EmailIdentity("cardway-sender", { emailIdentity: sender });
  }
  return set;
}
