import {
  DescribeExecutionCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { ActNotPossibleError } from "../errors.ts";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { awsCall } from "./aws-call.ts";

/** What an operator's act needs to know of an execution. */
interface FoundExecution {
  /** JSON text. */
  input: string;
  redriveCount: number;
  /** Why it cannot be redriven; absent where it can, and where AWS does not say. */
  notRedrivable?: string;
}

/** Executions of Cardway's workflows, from the side of an operator. */
export interface ExecutionControl {
  /** An execution as operators act on it; `undefined` where there is no such execution. */
  find(executionArn: string): Promise<FoundExecution | undefined>;
  /** @throws {ActNotPossibleError} it did not fail, it is too long ago, or it is not there. */
  redrive(executionArn: string): Promise<void>;
  /** @throws {ActNotPossibleError} it has ended, or is not there. */
  stop(executionArn: string, why: { error: string; cause: string }): Promise<void>;
  /** Starts an execution; one of this name that runs or has run stays the only one. */
  start(stateMachineArn: string, name: string, input: object): Promise<void>;
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html */
export function createExecutionControl(runtime: Runtime): ExecutionControl {
  const client = runtime.trace(new SFNClient(clientConfig(runtime)));
  const notPossible =
    (what: string) =>
    (error: Error): never => {
      throw new ActNotPossibleError(`${what}: ${error.message}`, { cause: error });
    };
  return {
    async find(executionArn) {
      const answer = await awsCall(
        "Step Functions DescribeExecution",
        () => client.send(new DescribeExecutionCommand({ executionArn })),
        { ExecutionDoesNotExist: () => undefined },
      );
      if (answer === undefined) return undefined;
      const {
        input = "{}",
        redriveCount = 0,
        redriveStatus,
        redriveStatusReason = "AWS gives no reason",
      } = answer;
      return {
        input,
        redriveCount,
        ...(redriveStatus === "NOT_REDRIVABLE" && { notRedrivable: redriveStatusReason }),
      };
    },

    async redrive(executionArn) {
      const refused = notPossible(`${executionArn} cannot be redriven`);
      await awsCall(
        "Step Functions RedriveExecution",
        () => client.send(new RedriveExecutionCommand({ executionArn })),
        { ExecutionNotRedrivable: refused, ExecutionDoesNotExist: refused },
      );
    },

    async stop(executionArn, why) {
      const refused = notPossible(`${executionArn} cannot be stopped`);
      await awsCall(
        "Step Functions StopExecution",
        () => client.send(new StopExecutionCommand({ executionArn, ...why })),
        { ExecutionDoesNotExist: refused, ValidationException: refused },
      );
    },

    async start(stateMachineArn, name, input) {
      await awsCall(
        "Step Functions StartExecution",
        () => client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) })),
        { ExecutionAlreadyExists: () => undefined },
      );
    },
  };
}
