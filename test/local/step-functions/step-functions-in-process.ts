import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
} from "@aws-sdk/client-sfn";
import {
  createStepFunctions,
  type LambdaOutcome,
  type StepFunctionsDependencies,
} from "../../../local/step-functions/step-functions.ts";
import type { Permission } from "../../../local/wire/operation.ts";
import { sdkClientSettings, testContext } from "../sdk-request-handler.ts";

export const place = { accountId: "111111111111", region: "eu-central-1" };
export const roleArn = "arn:aws:iam::111111111111:role/workflow";
export const stateMachineArn = (name: string) =>
  `arn:aws:states:${place.region}:${place.accountId}:stateMachine:${name}`;

/** What a fake function does with its payload; a throw becomes the failure that Lambda reports. */
export type FakeFunction = (
  payload: never,
  request: Parameters<StepFunctionsDependencies["invokeLambda"]>[0],
) => unknown;

/** Step Functions with fake functions, a clock that stands still, and a real SDK client. */
export function setUp(
  options: {
    functions?: Record<string, FakeFunction>;
    roleMay?: (roleArn: string, permission: Permission) => boolean;
    keepFinishedExecutions?: number;
    context?: ReturnType<typeof testContext>;
  } = {},
) {
  const context = options.context ?? testContext();
  const { functions = {}, roleMay = () => true, keepFinishedExecutions = 1000 } = options;
  const stepFunctions = createStepFunctions(context, {
    roleMay,
    keepFinishedExecutions,
    async invokeLambda(request): Promise<LambdaOutcome> {
      const name = request.functionName.split(":").at(-1) ?? "";
      const run = Object.hasOwn(functions, name) ? functions[name] : undefined;
      if (run === undefined) {
        return {
          kind: "failed",
          error: "Lambda.ResourceNotFoundException",
          cause: `Function not found: ${name}`,
        };
      }
      try {
        const payload: unknown = await Reflect.apply(run, undefined, [request.payload, request]);
        return { kind: "returned", payload, executedVersion: "$LATEST" };
      } catch (error) {
        if (!(error instanceof FunctionError)) throw error;
        const cause = JSON.stringify({ errorType: error.type, errorMessage: error.message, trace: [] });
        return { kind: "failed", error: error.type, cause };
      }
    },
  });
  const client = new SFNClient(sdkClientSettings(stepFunctions.service, { region: place.region }));
  let machines = 0;

  const create = (definition: object): string => {
    machines += 1;
    return stepFunctions.createStateMachine(
      { name: `machine-${machines}`, definition: JSON.stringify(machine(definition)), roleArn },
      place,
    ).stateMachineArn;
  };
  const start = (arn: string, input: unknown = {}, name?: string): string =>
    stepFunctions.startExecution({
      stateMachineArn: arn,
      input: JSON.stringify(input),
      ...(name !== undefined && { name }),
    }).executionArn;
  const describe = (executionArn: string) => client.send(new DescribeExecutionCommand({ executionArn }));
  const history = async (executionArn: string): Promise<HistoryEvent[]> => {
    const answer = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
    return answer.events ?? [];
  };
  /** Starts an execution and lets everything happen that needs no time to pass. */
  const run = async (definition: object, input: unknown = {}): Promise<string> => {
    const executionArn = start(create(definition), input);
    await context.clock.advance(0);
    return executionArn;
  };
  /** The output of an execution that has succeeded, parsed. */
  const output = async (executionArn: string): Promise<unknown> => {
    const described = await describe(executionArn);
    if (described.output === undefined) {
      throw new Error(`${described.status}: ${described.error} ${described.cause}`);
    }
    return JSON.parse(described.output);
  };
  return { context, stepFunctions, client, create, start, describe, history, run, output };
}

/** What a function of a test throws: its type is the error that `Retry` and `Catch` see. */
export class FunctionError extends Error {
  override readonly name = "FunctionError";
  readonly type: string;

  constructor(type: string, message = "as the test wants it") {
    super(message);
    this.type = type;
  }
}

/** A machine of the states given, with JSONata and the first state as its start, unless the definition says otherwise. */
export function machine(definition: object): object {
  if (!("States" in definition)) return machine({ States: definition });
  return {
    QueryLanguage: "JSONata",
    StartAt: Object.keys(Object(definition.States))[0],
    ...definition,
  };
}

/** A Task state that calls a function with the state's input. */
export function task(functionName: string, more: object = { End: true }): object {
  return {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Arguments: { FunctionName: functionName, Payload: "{% $states.input %}" },
    ...more,
  };
}

/** A Task state that waits for a callback; the function gets the token. */
export function callbackTask(functionName: string, more: object = { End: true }): object {
  return task(functionName, {
    Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
    Arguments: { FunctionName: functionName, Payload: { token: "{% $states.context.Task.Token %}" } },
    ...more,
  });
}

/** `id:type<previous` of every event, which is what a reader follows. */
export function chain(events: readonly HistoryEvent[]): string[] {
  return events.map(({ id, type, previousEventId }) => `${id}:${type}<${previousEventId}`);
}
