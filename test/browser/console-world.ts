import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateModelCardCommand,
  type ModelCardStatus,
  SageMakerClient,
  UpdateModelCardCommand,
} from "@aws-sdk/client-sagemaker";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { invitationAccepterRoleName } from "../../functions/lifecycle/invitation-accepter-role.ts";
import { type Settings, defineSettings } from "../../functions/lifecycle/settings.ts";
import { type WebServer, startWebServer } from "../../local/web-server.ts";
import lifecycleSettings from "../../lifecycle.config.ts";
import { functionNameOf } from "../../stacks/definitions/functions.ts";
import { createInboxApp } from "../../web/inbox-app.tsx";
import { createLocalApp } from "../../web/local-app.tsx";
import { operator, testConsole } from "../web/console/test-console.ts";
import type { ConsoleIdentity } from "../../web/console/console-identity.ts";
import { customerChurnContent } from "../web/customer-churn-card.ts";
import { approver, atRest, happened, linkOf, officer } from "../workflow/reviews.ts";
import { type TestCloud, accounts, createTestCloud } from "../workflow/test-cloud.ts";

const partner = "666666666666";
const regulated = "777777777777";

const { policyVersion: _derived, ...settingsInput } = lifecycleSettings;
const [ordinary] = settingsInput.lifecycles;
const [dev, test, prod] = ordinary?.stages ?? [];
if (ordinary === undefined || dev === undefined || test === undefined || prod === undefined) {
  throw new TypeError("The settings of the repository have a lifecycle with the stages dev, test and prod");
}

/** Two more lifecycles beside the repository's: one with a partner outside the organisation, and one with a production of its own. */
const worldSettings: Settings = defineSettings({
  ...settingsInput,
  lifecycles: [
    ordinary,
    {
      name: "partner",
      stages: [dev, { ...test, name: "partner", accountId: partner }],
    },
    { name: "regulated", stages: [dev, test, { ...prod, name: "regulated-prod", accountId: regulated }] },
  ],
  routes: [
    { namePattern: "Partner-*", lifecycle: "partner" },
    { namePattern: "Anti-*", lifecycle: "regulated" },
    { namePattern: "*", lifecycle: "default" },
  ],
  shareOutsideOrganization: true,
  deployment: { ...settingsInput.deployment, sweepEveryHours: 12 },
});

export const longName = "Reinsurance-Catastrophe-Exposure-Aggregation-Northern-Europe-v4";

/** An organisation's cards in every lane, a few days in, and what can go wrong with them. */
export interface ConsoleWorld {
  test: TestCloud;
  arns: Record<string, string>;
  /** Gives the function back what it lacked, so that a redrive succeeds. */
  repair(): Promise<void>;
}

export async function createConsoleWorld(): Promise<ConsoleWorld> {
  const world = createTestCloud({
    settings: worldSettings,
    organizationAccountIds: [accounts.owner, accounts.dev, accounts.test, accounts.prod, regulated],
  });
  const { pass, post } = world;
  const people = await dataScientists(world);
  const arns: Record<string, string> = {};
  const create = async (
    name: string,
    status: ModelCardStatus,
    risk: "Low" | "Medium" | "High",
    who: keyof typeof people = "ada",
  ): Promise<string> => {
    const { ModelCardArn = "" } = await people[who].send(
      new CreateModelCardCommand({ ModelCardName: name, Content: contentOf(risk), ModelCardStatus: status }),
    );
    arns[name] = ModelCardArn;
    return ModelCardArn;
  };
  const asked = (name: string, mails: number) =>
    world.until("the mails", () => (world.links(name).length >= mails ? true : undefined));
  const move = (arn: string, status: ModelCardStatus, who: keyof typeof people = "ada") =>
    world.setStatus(arn, status, people[who]);

  const churn = await create("Customer-Churn-Model-Card", "Draft", "Medium");
  await happened(world, churn, "AccessGranted dev");
  await people.ada.send(
    new UpdateModelCardCommand({ ModelCardName: churn, Content: contentOf("Medium", "Second draft.") }),
  );
  await pass(2);
  await move(churn, "PendingReview");
  await asked("Customer-Churn", 1);
  await pass(26);
  await post(
    linkOf(world, approver),
    "approve",
    "Reviewed with the validation report. The drift monitor is in place.",
  );
  await happened(world, churn, "AccessGranted prod");

  const legacy = await create("Legacy-Scorecard-2019", "Approved", "Low", "chiara");
  await happened(world, legacy, "AccessGranted prod");
  await move(legacy, "Archived", "chiara");
  await happened(world, legacy, "AccessRevoked prod");
  const warranty = await create("Warranty-Returns-Forecast", "Archived", "Low", "ben");
  await happened(world, warranty, "PromotionCompleted AccessSettled");

  const loan = await create("Loan-Default-Prediction", "PendingReview", "High", "ben");
  await asked("Loan-Default", 2);
  await post(linkOf(world, officer), "approve", "Limits agreed with the credit committee.");
  await post(linkOf(world, approver), "approve", "");
  await happened(world, loan, "AccessGranted prod");

  const price = await create("Price-Elasticity-Europe", "PendingReview", "Medium", "chiara");
  await asked("Price-Elasticity", 1);
  await post(
    linkOf(world, approver),
    "reject",
    "The evaluation leaves Poland and Czechia out.\nPlease add them, and ask again.",
  );
  await happened(world, price, "ApprovalDecided rejected");
  await pass(14);

  for (const [name, who] of [
    ["Fraud-Detection-Card-Payments", "ada"],
    ["Document-OCR-Invoices", "chiara"],
  ] as const) {
    const arn = await create(name, "PendingReview", "Low", who);
    await asked(name, 1);
    await post(linkOf(world, approver), "approve", "Fine.");
    await happened(world, arn, "AccessGranted prod");
  }
  const outside = await create("Credit-Limit-Increase", "Approved", "Medium", "ben");
  await happened(world, outside, "AccessGranted prod");

  await world.widenReader(regulated);
  const laundering = await create("Anti-Money-Laundering-Alerts", "Approved", "High", "chiara");
  await happened(world, laundering, "PromotionFailed");

  const iam = world.iam(partner);
  await iam.send(
    new DeleteRolePolicyCommand({
      RoleName: invitationAccepterRoleName,
      PolicyName: invitationAccepterRoleName,
    }),
  );
  await iam.send(new DeleteRoleCommand({ RoleName: invitationAccepterRoleName }));
  const dealer = await create("Partner-Dealer-Leads", "PendingReview", "Low", "ada");
  await happened(world, dealer, "AccessWaiting partner");

  const claims = await create("Claims-Triage-Motor", "PendingReview", "High", "ben");
  await asked("Claims-Triage", 2);
  await post(linkOf(world, officer), "approve", "The fairness review is attached to ticket RISK-2214.");
  const ticket = await create("Support-Ticket-Routing", "PendingReview", "Low", "ada");
  await asked("Support-Ticket", 1);
  await happened(world, claims, "ApprovalRequested");
  await happened(world, ticket, "ApprovalRequested");

  for (const [name, risk, who] of [
    ["Demand-Forecast-Retail", "Medium", "chiara"],
    ["Sentiment-Call-Centre", "Low", "ben"],
    [longName, "High", "ada"],
  ] as const) {
    await happened(world, await create(name, "Draft", risk, who), "AccessGranted dev");
  }
  await pass(12.2);

  const broken = await world.breakFunction(functionNameOf("grant-access"));
  const failed = await create("Recommendation-Homepage", "Draft", "Medium", "chiara");
  await happened(world, failed, "PromotionFailed");
  await atRest(world, 3);
  await pass(0.4);
  return { test: world, arns, repair: broken.repair };
}

/** The world with its pages on a real port. */
export interface ServedWorld extends ConsoleWorld {
  server: WebServer;
  /** Whom the console takes the next requests for. */
  visitor: { identity: ConsoleIdentity };
}

export async function serveConsoleWorld(): Promise<ServedWorld> {
  const world = await createConsoleWorld();
  const visitor = { identity: operator };
  const server = await startWebServer(
    createLocalApp({
      approvals: world.test.page,
      inbox: createInboxApp({ messages: () => world.test.cloud.ses.messages() }),
      operations: testConsole(world.test, () => visitor.identity),
    }),
    0,
  );
  return { ...world, server, visitor };
}

function contentOf(risk: "Low" | "Medium" | "High", description?: string): string {
  const content = JSON.parse(customerChurnContent);
  return JSON.stringify({
    ...content,
    ...(description !== undefined && {
      additional_information: { caveats_and_recommendations: description },
    }),
    intended_uses: { ...content.intended_uses, risk_rating: risk },
  });
}

/** Three people of the model card account, who are known by their sessions. */
async function dataScientists(world: TestCloud) {
  const RoleName = "lead-data-scientist";
  const statement = { Effect: "Allow", Action: "sagemaker:*", Resource: "*" };
  const trust = {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${accounts.owner}:root` },
    Action: "sts:AssumeRole",
  };
  const iam = world.iam(accounts.owner);
  const Version = "2012-10-17";
  await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: JSON.stringify({ Version, Statement: [trust] }),
      MaxSessionDuration: 43_200,
    }),
  );
  await iam.send(
    new PutRolePolicyCommand({
      RoleName,
      PolicyName: RoleName,
      PolicyDocument: JSON.stringify({ Version, Statement: [statement] }),
    }),
  );
  const sts = new STSClient(world.administrator(accounts.owner));
  const session = async (RoleSessionName: string) => {
    const RoleArn = `arn:aws:iam::${accounts.owner}:role/${RoleName}`;
    const client = new SageMakerClient({
      ...world.administrator(accounts.owner),
      credentials: async () => {
        const { Credentials } = await sts.send(
          new AssumeRoleCommand({ RoleArn, RoleSessionName, DurationSeconds: 43_200 }),
        );
        return {
          accessKeyId: Credentials?.AccessKeyId ?? "",
          secretAccessKey: Credentials?.SecretAccessKey ?? "",
          sessionToken: Credentials?.SessionToken ?? "",
          // Time is not the machine's own, so the client must not keep them by it.
          expiration: new Date(0),
        };
      },
    });
    return client;
  };
  return {
    ada: await session("ada.lindqvist"),
    ben: await session("ben.okafor"),
    chiara: await session("chiara.rossi"),
  };
}
