import { randomUUID } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";
import { CreateModelCardCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { modelCardStatuses } from "../events/model-card.ts";
import { PromotionCompleted } from "../events/promotion-completed.ts";
import { createDynamoDbTable } from "../functions/aws/dynamodb.ts";
import { createResourceSharing } from "../functions/aws/ram.ts";
import { createModelCards } from "../functions/aws/sagemaker.ts";
import { claimed, stateOfCard } from "../functions/records/card-record.ts";
import { effectOf } from "../functions/records/effects.ts";
import { createRecordsIn } from "../functions/records/records-in-table.ts";
import { clientConfig } from "../functions/runtime/runtime.ts";
import lifecycleSettings from "../lifecycle.config.ts";
import { systemClock } from "../local/clock.ts";
import { type LocalCloud, createLocalCloud } from "../local/cloud.ts";
import { createQuerySources } from "../queries/sources.ts";
import { roleArnOf, tableName, workflowName } from "../stacks/definitions/deployment.ts";
import { createConsoleApp } from "../web/console/console-app.tsx";
import { type Figure, medianOf } from "./figure.ts";

const cards = 10_000;
const executions = 100_000;
/** So many calls are made at the same time while the world is built. */
const atATime = 50;
const runs = 5;
const region = "us-east-1";
const { modelCardAccountId, policyVersion, lifecycles } = lifecycleSettings;
const place = { accountId: modelCardAccountId, region };

/** How long the console's pages take in process, with very many cards and executions. */
export const consolePages: Figure = {
  name: "console",
  async measure() {
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
      // The cards are made as they are to be: nobody promotes them.
      copiesOfEvent: () => 0,
      keepFinishedExecutions: executions,
      keepMessages: 100,
    });
    cloud.open(region);
    await makeCards(cloud);
    await makeExecutions(cloud);
    const app = createConsoleApp({
      sources: createQuerySources(cloud.administratorRuntime(region), region),
      act: async () => ({}),
      identityOf: () => ({ role: "operator", identity: "bench", name: "Bench" }),
      newId: () => randomUUID(),
      inAws: false,
      log: (line) => process.stderr.write(`${line}\n`),
    });
    const took = async (path: string): Promise<number> => {
      const startedAt = performance.now();
      const answer = await app.request(path);
      await answer.text();
      if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
      return performance.now() - startedAt;
    };
    const rows = [];
    for (const [name, path] of Object.entries(pages)) {
      const firstMs = await took(path);
      const laterMs: number[] = [];
      for (let run = 0; run < runs; run += 1) laterMs.push(await took(path));
      const result = `${Math.round(firstMs)} ms the first time, then ${medianOf(laterMs, "ms")}`;
      rows.push({ what: `console at 10,000 cards and 100,000 executions, ${name}`, result });
    }
    cloud.close();
    return rows;
  },
};

const pages = {
  overview: "/console",
  cards: "/console/cards",
  "cards of one status by name": "/console/cards?status=Approved&name=card-7&order=name",
  "one card": "/console/cards/card-42",
  executions: "/console/executions",
  "executions that failed": "/console/executions?status=FAILED",
  requests: "/console/requests",
  access: "/console/access",
  audit: "/console/audit",
  sweeps: "/console/sweeps",
  events: "/console/events",
};

/** Cards in every status, on record as settled, one in a hundred as failed, and shared with the first stage. */
async function makeCards(cloud: LocalCloud): Promise<void> {
  const runtime = cloud.administratorRuntime(region);
  const sageMaker = new SageMakerClient(clientConfig(runtime));
  const modelCards = createModelCards(runtime);
  const records = createRecordsIn(createDynamoDbTable(runtime, tableName));
  const sharing = createResourceSharing(runtime);
  const [lifecycle] = lifecycles;
  const [stage] = lifecycle?.stages ?? [];
  if (lifecycle === undefined || stage === undefined) throw new TypeError("The settings name no stage");
  const audience = {
    lifecycle: lifecycle.name,
    stage: stage.name,
    accountId: stage.accountId,
    access: "read-write" as const,
  };

  await inParallel(cards, async (index) => {
    const { ModelCardArn = "" } = await sageMaker.send(
      new CreateModelCardCommand({
        ModelCardName: `card-${index}`,
        Content: "{}",
        ModelCardStatus: modelCardStatuses[index % modelCardStatuses.length],
      }),
    );
    const card = await modelCards.read(ModelCardArn);
    const executionArn = `arn:aws:states:${region}:${modelCardAccountId}:execution:${workflowName}:${index}`;
    const now = new Date();
    await records.changeCard(ModelCardArn, (record) => {
      const { claim: _done, ...rest } = claimed(record, executionArn, card);
      const settled = { ...stateOfCard(card), policyVersion, approvedHere: true, executionArn };
      const failure = { key: "bench", tries: 1, lastAt: now.toISOString(), ordinal: 1 };
      return {
        record: { ...rest, settled, ...(index % 100 === 0 && { failure }) },
        result: undefined,
      };
    });
    const context = { executionArn, policyVersion, card, now };
    const { detailType, detail } = effectOf(PromotionCompleted, context, "bench", {
      outcome: "AccessSettled",
      access: [audience],
      waiting: {},
    });
    await records.addEffects([
      {
        modelCardArn: ModelCardArn,
        effectId: detail.effectId,
        at: detail.at,
        position: 0,
        detailType,
        detail: { ...detail },
      },
    ]);
    if (index < 1_000) await sharing.grant(ModelCardArn, audience, [stage.accountId]);
  });
}

/** Executions of the promotion, by a definition that ends at once. */
async function makeExecutions({ stepFunctions }: LocalCloud): Promise<void> {
  const roleArn = roleArnOf(workflowName, modelCardAccountId);
  const definition = { QueryLanguage: "JSONata", StartAt: "Done", States: { Done: { Type: "Succeed" } } };
  stepFunctions.putStateMachine(
    { name: workflowName, definition: JSON.stringify(definition), roleArn },
    place,
  );
  const stateMachineArn = `arn:aws:states:${region}:${modelCardAccountId}:stateMachine:${workflowName}`;
  for (let index = 0; index < executions; index += 1) {
    const modelCardArn = `arn:aws:sagemaker:${region}:${modelCardAccountId}:model-card/card-${index % cards}`;
    stepFunctions.startExecution({
      stateMachineArn,
      input: JSON.stringify({ modelCardArn, reason: "bench" }),
    });
    if (index % 100 === 0) await turn();
  }
}

async function inParallel(count: number, make: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await make(next - 1);
    }
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}
