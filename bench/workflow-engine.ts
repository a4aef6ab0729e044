import { randomUUID } from "node:crypto";
import { systemClock } from "../local/clock.ts";
import { createStepFunctions } from "../local/step-functions/step-functions.ts";
import { type Figure, medianOf } from "./figure.ts";

const place = { accountId: "111111111111", region: "us-east-1" };
const warmUpExecutions = 1_000;
const executionsPerRun = 2_000;
const runs = 5;
/** So many run at the same time. */
const atATime = 100;

const task = {
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: {
    FunctionName: `arn:aws:lambda:${place.region}:${place.accountId}:function:bench`,
    Payload: "{% $states.input %}",
  },
  Output: "{% $states.result.Payload %}",
};

const definition = {
  QueryLanguage: "JSONata",
  StartAt: "First",
  States: {
    First: { ...task, Next: "Enough" },
    Enough: {
      Type: "Choice",
      Choices: [{ Condition: "{% $states.input.count > 0 %}", Next: "Count" }],
      Default: "Done",
    },
    Count: { Type: "Pass", Output: { count: "{% $states.input.count - 1 %}" }, Next: "Second" },
    Second: { ...task, Next: "Third" },
    Third: { ...task, Next: "Done" },
    Done: { Type: "Succeed" },
  },
};

/** How many executions of six states the workflow engine alone runs each second. */
export const workflowEngine: Figure = {
  name: "engine",
  async measure() {
    const stepFunctions = createStepFunctions(
      {
        clock: systemClock,
        newId: () => randomUUID(),
        random: () => Math.random(),
        log: (line) => process.stderr.write(`${line}\n`),
      },
      {
        invokeLambda: async ({ payload }) => ({ kind: "returned", payload, executedVersion: "$LATEST" }),
        roleMay: () => true,
        keepFinishedExecutions: 1_000,
      },
    );
    const { stateMachineArn } = stepFunctions.createStateMachine(
      {
        name: "bench",
        definition: JSON.stringify(definition),
        roleArn: `arn:aws:iam::${place.accountId}:role/bench`,
      },
      place,
    );
    const input = JSON.stringify({ count: 1 });

    /** @returns executions a second. */
    const run = (executions: number): Promise<number> => {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      const startedAt = performance.now();
      let started = 0;
      let ended = 0;
      const start = (): void => {
        if (started === executions) return;
        started += 1;
        stepFunctions.startExecution({ stateMachineArn, input });
      };
      const stopListening = stepFunctions.onExecutionChange(({ status }) => {
        if (status === "RUNNING") return;
        if (status !== "SUCCEEDED") reject(new Error(`An execution ended as ${status}`));
        ended += 1;
        start();
        if (ended < executions) return;
        stopListening();
        resolve((executions * 1000) / (performance.now() - startedAt));
      });
      for (let index = 0; index < atATime; index += 1) start();
      return promise;
    };

    await run(warmUpExecutions);
    const perSecond: number[] = [];
    for (let index = 0; index < runs; index += 1) perSecond.push(await run(executionsPerRun));
    return [
      { what: "workflow executions a second, engine alone, six states", result: medianOf(perSecond, "") },
    ];
  },
};
