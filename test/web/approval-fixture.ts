import { newCardRecord } from "../../functions/records/card-record.ts";
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
import type { PromotionRecords } from "../../functions/records/promotion-records.ts";
import { linkMessage, linkPath } from "../../functions/request-approval/approval-link.ts";
import { type ApprovalAppDependencies, createApprovalApp } from "../../web/approval-app.tsx";
import { customerChurnContent } from "./customer-churn-card.ts";

const modelCardName = "Customer-Churn-Model-Card";
export const modelCardArn = `arn:aws:sagemaker:eu-central-1:111111111111:model-card/${modelCardName}`;
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
    { id: "model-approver", name: "Model approver", address: "model-approver@example.com" },
    { id: "risk-officer", name: "Risk officer", address: "risk-officer@example.com" },
  ],
  approval: { sender: "cardway@example.com", expiresAfterHours: 14 * 24 },
};

export function pendingCard(overrides: Partial<Card> = {}): Card {
  return CardSchema.parse({
    modelCardArn,
    modelCardName,
    status: "PendingReview",
    version: 2,
    creationTime: "2026-11-02T08:15:00.000Z",
    lastModifiedTime: "2026-11-21T09:29:41.000Z",
    editors: [author],
    ...overrides,
  });
}

/** An approval page with a request of its own, and everything that it did. */
export interface ApprovalFixture {
  app: Hono;
  dependencies: ApprovalAppDependencies;
  /** The world around the page, to be changed by a test. */
  world: { card: Card; content: string | undefined; now: Date; tags: Record<string, string> };
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
}: { settings?: Partial<SettingsInput>; card?: Card; content?: string } = {}): ApprovalFixture {
  const settings: Settings = defineSettings({ ...settingsInput, ...changedSettings });
  const requestedAt = new Date("2026-11-21T09:30:00.000Z");
  const world = { card, content, now: new Date("2026-11-21T14:05:00.000Z"), tags: {} };
  const woken: string[] = [];
  const logged: string[] = [];
  let writes = 0;
  let request = ApprovalRequestSchema.parse({
    ...newApprovalRequest(card, {
      policyVersion: settings.policyVersion,
      approvers: settings.approvers,
      keyId: "link-key",
      now: requestedAt,
      requestsEnded: 0,
      expiresAfterHours: settings.approval.expiresAfterHours,
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
    readCard: async (arn) => newCardRecord(arn),
    changeCard: notUsed,
    addRequest: notUsed,
    addEffects: notUsed,
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
    modelCards: {
      read: async () => world.card,
      content: async () => world.content,
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
      verify: async (message, mac) => {
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

/** Posts a form as a browser does. */
export function post(app: Hono, path: string, fields: Record<string, string> | string): Promise<Response> {
  const body = typeof fields === "string" ? fields : new URLSearchParams(fields).toString();
  return Promise.resolve(
    app.request(path, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body,
    }),
  );
}
