import { randomUUID } from "node:crypto";
import { CreateModelCardCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { createPromotionRecords } from "../functions/aws/dynamodb.ts";
import { newCardRecord } from "../functions/records/card-record.ts";
import lifecycleSettings from "../lifecycle.config.ts";
import { systemClock } from "../local/clock.ts";
import { type LocalCloud, createLocalCloud } from "../local/cloud.ts";
import { type QuerySources, createQuerySources } from "../queries/sources.ts";
import { deploymentOf, roleArnOf, tableName } from "../stacks/definitions/deployment.ts";
import { stateMachines } from "../stacks/definitions/state-machines.ts";

const { region } = lifecycleSettings.deployment;
const place = { accountId: lifecycleSettings.modelCardAccountId, region };
const statuses = ["Draft", "PendingReview", "Approved", "Archived"] as const;
/** So many calls run at the same time while the account is filled. */
const atATime = 50;
const executionsAtATime = 1_000;

/** An account with many cards, each with a record, and many executions, in this process. */
export async function createLargeAccount(
  cards: number,
  executions: number,
): Promise<{ cloud: LocalCloud; sources: QuerySources }> {
  const cloud = createLocalCloud({
    context: {
      clock: systemClock,
      newId: () => randomUUID(),
      random: () => Math.random(),
      log: (line) => process.stderr.write(`${line}\n`),
    },
    settings: lifecycleSettings,
    homeRegion: region,
    awsUrl: () => "http://aws.bench",
    approvalPageUrl: () => "http://approvals.bench",
    logLevel: "SILENT",
    associationDelayMs: () => 0,
    eventDelayMs: () => 0,
    // What the cards' events would start is no part of what is measured.
    copiesOfEvent: () => 0,
    keepFinishedExecutions: executions,
    keepMessages: 100,
  });
  cloud.open(region);
  const runtime = cloud.administratorRuntime(region);
  await fillWithCards(cloud, cards);
  await fillWithExecutions(cloud, executions);
  return { cloud, sources: createQuerySources(runtime, region) };
}

async function fillWithCards(cloud: LocalCloud, count: number): Promise<void> {
  const runtime = cloud.administratorRuntime(region);
  const records = createPromotionRecords(runtime, tableName);
  const sageMaker = new SageMakerClient({
    region,
    endpoint: "http://aws.bench",
    credentials: { accessKeyId: place.accountId, secretAccessKey: "any" },
    requestHandler: cloud.requestHandler,
  });
  const make = async (number: number): Promise<void> => {
    const status = statuses[number % statuses.length] ?? "Draft";
    const { ModelCardArn = "" } = await sageMaker.send(
      new CreateModelCardCommand({
        ModelCardName: `bench-${String(number).padStart(6, "0")}`,
        Content: JSON.stringify({ intended_uses: { risk_rating: "Medium" } }),
        ModelCardStatus: status,
      }),
    );
    await records.changeCard(ModelCardArn, () => ({
      record: {
        ...newCardRecord(ModelCardArn),
        riskRating: "Medium",
        settled: {
          status,
          version: 1,
          policyVersion: lifecycleSettings.policyVersion,
          approvedHere: false,
          executionArn: "arn:aws:states:bench",
        },
        // One card of a hundred needs somebody.
        ...(number % 100 === 0 && {
          failure: { key: "bench", tries: 1, lastAt: "2026-01-01T00:00:00.000Z", ordinal: 1 },
        }),
      },
      result: undefined,
    }));
  };
  for (let number = 0; number < count; number += atATime) {
    await Promise.all(
      Array.from({ length: Math.min(atATime, count - number) }, (_, index) => make(number + index)),
    );
  }
}

/** Runs a workflow of one state under the name of the promotion's, and puts that back. */
async function fillWithExecutions({ stepFunctions }: LocalCloud, count: number): Promise<void> {
  const machines = stateMachines(deploymentOf(lifecycleSettings, "http://approvals.bench", region));
  const [promotion] = machines;
  if (promotion === undefined) throw new TypeError("there is no workflow");
  const roleArn = roleArnOf(promotion.role.roleName, place.accountId);
  const stateMachineArn = `arn:aws:states:${region}:${place.accountId}:stateMachine:${promotion.name}`;
  const put = (definition: object): void =>
    stepFunctions.putStateMachine(
      { name: promotion.name, definition: JSON.stringify(definition), roleArn },
      place,
    );
  put({ QueryLanguage: "JSONata", StartAt: "Done", States: { Done: { Type: "Succeed" } } });
  for (let number = 0; number < count; number += executionsAtATime) {
    const left = Math.min(executionsAtATime, count - number);
    const { promise, resolve } = Promise.withResolvers<void>();
    let ended = 0;
    const stop = stepFunctions.onExecutionChange(({ status }) => {
      if (status !== "RUNNING") ended += 1;
      if (ended === left) resolve();
    });
    for (let started = 0; started < left; started += 1) {
      stepFunctions.startExecution({ stateMachineArn, input: "{}" });
    }
    await promise;
    stop();
  }
  put(promotion.definition);
}
