import { createHash } from "node:crypto";
import type { Hono } from "hono";
import { type Card, CardSchema } from "../../functions/lifecycle/card.ts";
import { type Settings, type SettingsInput, defineSettings } from "../../functions/lifecycle/settings.ts";
import { AwsCallFailedError, InvalidInputError } from "../../functions/errors.ts";
import {
  type ApprovalRequest,
  ApprovalRequestSchema,
  newApprovalRequest,
} from "../../functions/records/approval-request.ts";
import { type CardRecord, newCardRecord } from "../../functions/records/card-record.ts";
import type { PromotionRecords } from "../../functions/records/promotion-records.ts";
import { linkMessage, linkPath } from "../../functions/request-approval/approval-link.ts";
import { type ApprovalAppDependencies, createApprovalApp } from "../../web/approval-app.tsx";
import { reviewedContent } from "../../functions/lifecycle/reviewed-content.ts";
import { policyFor } from "../../functions/lifecycle/approval-policy.ts";
import type { Rate } from "../../web/rate-limit.ts";
import { customerChurnContent } from "./customer-churn-card.ts";
import { hiddenFields } from "./page-text.ts";

const modelCardName = "Customer-Churn-Model-Card";
export const modelCardArn = `arn:aws:sagemaker:eu-central-1:111111111111:model-card/${modelCardName}`;
const linkKeyArn = "arn:aws:kms:eu-central-1:111111111111:key/1f0b5b7e-6a0f-4c0e-9a53-6c1f2c9f4c55";
export const author = "arn:aws:sagemaker:eu-central-1:222222222222:user-profile/d-churn/lead-data-scientist";

const settingsInput: SettingsInput = {
  modelCardAccountId: "111111111111",
  lifecycles: [
    {
      name: "default",
      stages: [
        {
          name: "dev",
          accountId: "222222222222",
          access: {
            Draft: "read-write",
            PendingReview: "read-write",
            Approved: "read-write",
            Archived: "none",
          },
        },
        {
          name: "test",
          accountId: "333333333333",
          access: { Draft: "none", PendingReview: "read-write", Approved: "read-write", Archived: "none" },
        },
        {
          name: "prod",
          accountId: "444444444444",
          access: { Draft: "none", PendingReview: "none", Approved: "read-only", Archived: "none" },
        },
      ],
    },
  ],
  routes: [{ namePattern: "*", lifecycle: "default" }],
  approvers: [
    {
      id: "model-approver",
      name: "Model approver",
      address: "model-approver@example.com",
      roles: ["model-approver"],
    },
    {
      id: "risk-officer",
      name: "Risk officer",
      address: "risk-officer@example.com",
      roles: ["risk-officer"],
    },
  ],
  authors: [{ id: "team", name: "Team", address: "team@example.com" }],
  approval: {
    sender: "cardway@example.com",
    // Either of the two decides, but for high risk.
    policies: {
      Low: { approvals: 1 },
      Medium: { approvals: 1 },
      High: { approvals: 2, roles: ["risk-officer"] },
    },
  },
};

/** The approvers of the fixture, the first of whom SageMaker knows by these names. */
export function withIdentities(identities: string[]): SettingsInput["approvers"] {
  return settingsInput.approvers.map((approver, index) =>
    index === 0 ? { ...approver, identities } : approver,
  );
}

export function pendingCard(overrides: Partial<Card> = {}): Card {
  return CardSchema.parse({
    modelCardArn,
    modelCardName,
    status: "PendingReview",
    version: 2,
    creationTime: "2026-11-02T08:15:00.000Z",
    lastModifiedTime: "2026-11-21T09:29:41.000Z",
    editors: [author],
    riskRating: "Medium",
    ...overrides,
  });
}

/** An approval page with a request of its own, and everything that it did. */
export interface ApprovalFixture {
  app: Hono;
  dependencies: ApprovalAppDependencies;
  /** The world around the page, to be changed by a test. */
  world: {
    card: Card;
    /** Of the version that was reviewed. */
    content: string | undefined;
    /** Of other versions. */
    contents: Map<number, string>;
    record: CardRecord;
    now: Date;
    tags: Record<string, string>;
  };
  /** The request as it is now. */
  request: () => ApprovalRequest;
  change: (change: Partial<ApprovalRequest>) => void;
  /** Path of an approver's genuine link. */
  path: (approverId?: string) => string;
  /** Task tokens that were resumed, and executions that were started. */
  woken: string[];
  logged: string[];
  writes: () => number;
}

/** Everything that the approval page depends on, in memory, around one open request. */
export function approvalFixture({
  settings: changedSettings = {},
  card = pendingCard(),
  content = customerChurnContent,
  ratePerLink,
}: {
  settings?: Partial<SettingsInput>;
  card?: Card;
  content?: string;
  ratePerLink?: Rate;
} = {}): ApprovalFixture {
  const settings: Settings = defineSettings({ ...settingsInput, ...changedSettings });
  const requestedAt = new Date("2026-11-21T09:30:00.000Z");
  const world: ApprovalFixture["world"] = {
    card,
    content,
    contents: new Map(),
    record: newCardRecord(modelCardArn),
    now: new Date("2026-11-21T14:05:00.000Z"),
    tags: {},
  };
  const { riskRating } = reviewedContent(content);
  const woken: string[] = [];
  const logged: string[] = [];
  let writes = 0;
  let nonces = 0;
  let request = ApprovalRequestSchema.parse({
    ...newApprovalRequest(card, {
      lifecycle: "default",
      riskRating,
      policyVersion: settings.policyVersion,
      policy: policyFor(riskRating, settings.approval.policies),
      approvers: settings.approvers,
      deputies: [],
      authors: settings.authors,
      keyArn: linkKeyArn,
      now: requestedAt,
      requestsEnded: 0,
    }),
    waiting: {
      executionArn: "arn:aws:states:eu-central-1:111111111111:execution:cardway:1",
      taskToken: "token-1",
    },
  });

  const notUsed = (): never => {
    throw new Error("The approval page does not use this.");
  };
  const records: PromotionRecords = {
    readCard: async () => world.record,
    changeCard: notUsed,
    addRequest: notUsed,
    addEffects: notUsed,
    digests: notUsed,
    lastSweep: notUsed,
    keepLastSweep: notUsed,
    effectsOf: notUsed,
    findRequest: async (requestId) => (requestId === request.requestId ? request : undefined),
    changeRequest: async (requestId, change) => {
      if (requestId !== request.requestId) throw new InvalidInputError("There is no such request.");
      const { record, result } = change(request);
      if (record !== request) writes += 1;
      request = record;
      return result;
    },
  };
  const dependencies: ApprovalAppDependencies = {
    records,
    settings,
    now: () => world.now,
    log: (message) => logged.push(message),
    newNonce: () => `nonce-${(nonces += 1)}`,
    ...(ratePerLink && { ratePerLink }),
    modelCards: {
      read: async () => world.card,
      content: async (_arn, version) =>
        version === request.card.version ? world.content : world.contents.get(version),
      tags: async () => world.tags,
      statusOfVersion: notUsed,
      setStatus: notUsed,
    },
    executions: {
      stateOf: notUsed,
      resume: async (taskToken) => {
        woken.push(taskToken);
        return true;
      },
    },
    starter: { start: async () => void woken.push("started") },
    verifier: {
      verify: async (message, mac, keyArn) => {
        if (keyArn !== linkKeyArn) return false;
        if (mac.byteLength > 6144)
          throw new AwsCallFailedError("KMS VerifyMac was refused: ValidationException");
        return Buffer.from(macOf(message)).equals(mac);
      },
    },
  };
  return {
    app: createApprovalApp(dependencies),
    dependencies,
    world,
    request: () => request,
    change: (change) => {
      request = ApprovalRequestSchema.parse({ ...request, ...change });
    },
    path: (approverId = "model-approver") =>
      linkPath(request, approverId, macOf(linkMessage(request, approverId))),
    woken,
    logged,
    writes: () => writes,
  };
}

/** 32 bytes that depend on every character of a message. */
function macOf(message: string): Uint8Array {
  return createHash("sha256").update(message).digest();
}

/** Opens a page and posts its form as a browser does; a text is posted as it is. */
export async function post(
  app: Hono,
  path: string,
  fields: Record<string, string> | string,
): Promise<Response> {
  if (typeof fields === "string") return send(app, path, fields);
  const opened = await app.request(path);
  const form = { ...hiddenFields(await opened.text()), ...fields };
  return send(app, path, new URLSearchParams(form).toString());
}

/** Posts without looking at the page before. */
export function send(app: Hono, path: string, body: string): Promise<Response> {
  return Promise.resolve(
    app.request(path, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body,
    }),
  );
}
