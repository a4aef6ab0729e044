import { type Deployment, dataKeyAlias, linkKeyAlias } from "../definitions/deployment.ts";
import { dataKeyPolicy, linkKeyPolicy } from "../definitions/keys.ts";

/** Signs approval links. Kept on removal: links and records that name it can be verified afterwards. */
export function createLinkKey(place: Deployment): aws.kms.Alias {
  const key = new aws.kms.Key(
    "cardway-approval-links",
    {
      description: "Signs Cardway's approval links.",
      keyUsage: "GENERATE_VERIFY_MAC",
      customerMasterKeySpec: "HMAC_256",
      deletionWindowInDays: 30,
      policy: JSON.stringify(linkKeyPolicy(place)),
    },
    { retainOnDelete: true },
  );
  return new aws.kms.Alias(
    "cardway-approval-links",
    { name: linkKeyAlias, targetKeyId: key.keyId },
    // The key is rotated by moving the alias (docs/decisions/0004), which no deployment may undo.
    { ignoreChanges: ["targetKeyId"], retainOnDelete: true },
  );
}

/** Encrypts logs and alarms. Kept on removal, because the logs are. */
export function createDataKey(place: Deployment): aws.kms.Key {
  const key = new aws.kms.Key(
    "cardway-data",
    {
      description: "Encrypts Cardway's logs and alarms.",
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: JSON.stringify(dataKeyPolicy(place)),
    },
    { retainOnDelete: true },
  );
  new aws.kms.Alias("cardway-data", { name: dataKeyAlias, targetKeyId: key.keyId }, { retainOnDelete: true });
  return key;
}
