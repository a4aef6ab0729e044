import type { Call } from "../../wire/caller.ts";
import { executionDoesNotExist, stateMachineDoesNotExist } from "../refusals.ts";
import type { Executions } from "../executions.ts";
import type { ExecutionRecord, StateMachineRecord } from "../records.ts";
import type { StateMachines } from "../state-machines.ts";

/** The state machine of an ARN, where the caller's account and Region have it. @throws {AwsError} `InvalidArn`, `StateMachineDoesNotExist`. */
export function visibleStateMachine(machines: StateMachines, arn: string, call: Call): StateMachineRecord {
  const record = machines.get(arn);
  if (!isHere(record, call)) throw stateMachineDoesNotExist(arn);
  return record;
}

/** The execution of an ARN, likewise. @throws {AwsError} `InvalidArn`, `ExecutionDoesNotExist`. */
export function visibleExecution(executions: Executions, arn: string, call: Call): ExecutionRecord {
  const record = executions.get(arn);
  if (!isHere(record, call)) throw executionDoesNotExist(arn);
  return record;
}

function isHere(record: { accountId: string; region: string }, { caller, region }: Call): boolean {
  return record.accountId === caller.accountId && record.region === region;
}
