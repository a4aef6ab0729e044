import type { Settings } from "../../functions/lifecycle/settings.ts";
import { type Deployment, dataKeyAlias, linkKeyAlias } from "../definitions/deployment.ts";
import { dataKeyPolicy, linkKeyPolicy } from "../definitions/keys.ts";
import { leftBehind } from "./left-behind.ts";

/** AWS does not tell it, so a key that is taken over would seem to differ. */
const notRead = { ignoreChanges: ["deletionWindowInDays"] };

/** Signs approval links. Kept on removal: links and records that name it can be verified afterwards. */
export function createLinkKey(place: Deployment, settings: Settings): aws.kms.Alias {
  const key = new aws.kms.Key(
    "cardway-approval-links",
    {
      description: "Signs Cardway's approval links.",
      keyUsage: "GENERATE_VERIFY_MAC",
      customerMasterKeySpec: "HMAC_256",
      deletionWindowInDays: 30,
      policy: JSON.stringify(linkKeyPolicy(place)),
    },
    { ...leftBehind(settings, ({ links }) => links), ...notRead },
  );
  return new aws.kms.Alias(
    "cardway-approval-links",
    { name: linkKeyAlias, targetKeyId: key.keyId },
    // The key is rotated by moving the alias (docs/decisions/0004), which no deployment may undo.
    { ...leftBehind(settings, () => linkKeyAlias), ignoreChanges: ["targetKeyId"] },
  );
}

/** Encrypts logs and alarms. Kept on removal, because the logs are. */
export function createDataKey(place: Deployment, settings: Settings): aws.kms.Key {
  const key = new aws.kms.Key(
    "cardway-data",
    {
      description: "Encrypts Cardway's logs and alarms.",
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: JSON.stringify(dataKeyPolicy(place)),
    },
    { ...leftBehind(settings, ({ data }) => data), ...notRead },
  );
  new aws.kms.Alias(
    "cardway-data",
    { name: dataKeyAlias, targetKeyId: key.keyId },
    leftBehind(settings, () => dataKeyAlias),
  );
  return key;
}
