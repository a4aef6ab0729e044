import { AwsError } from "../wire/aws-error.ts";

/** The parts of an ARN of Step Functions. Names hold no colon. */
export interface StepFunctionsArn {
  region: string;
  accountId: string;
  resourceType: string;
  /** `[name]` of a state machine, `[state machine, name]` of an execution; more parts for a version or an alias. */
  names: string[];
}

export function stateMachineArn(place: { accountId: string; region: string }, name: string): string {
  return `arn:aws:states:${place.region}:${place.accountId}:stateMachine:${name}`;
}

export function executionArn(stateMachineArn: string, name: string): string {
  return `${stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`;
}

/** @throws {AwsError} `InvalidArn` where the text is no ARN of Step Functions, or one of another kind of resource. */
export function parseArn(arn: string, resourceType: "stateMachine" | "execution"): StepFunctionsArn {
  const [prefix, partition, service, region, accountId, kind, ...names] = arn.split(":");
  if (prefix !== "arn" || partition === undefined || !partition.startsWith("aws") || service !== "states") {
    throw invalidArn(`Invalid ARN prefix: ${arn}`);
  }
  if (!region || !accountId || kind === undefined || names.length === 0 || names.includes("")) {
    throw invalidArn(`Invalid ARN: ${arn}`);
  }
  if (kind !== resourceType) throw invalidArn(`Resource type not valid in this context: ${kind}`);
  return { region, accountId, resourceType: kind, names };
}

function invalidArn(reason: string): AwsError {
  return new AwsError("InvalidArn", `Invalid Arn: '${reason}'`);
}
