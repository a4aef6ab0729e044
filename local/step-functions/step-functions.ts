import type { LocalContext } from "../context.ts";
import { awsJsonService } from "../wire/aws-json.ts";
import type { Service } from "../wire/service.ts";
import { stateMachineArn } from "./arn.ts";
import { TaskTokens } from "./engine/task-tokens.ts";
import { type ExecutionChange, Executions } from "./executions.ts";
import type { LambdaDependencies, LambdaOutcome } from "./lambda-resource.ts";
import { executionOperations } from "./operations/execution-operations.ts";
import { executionQueries } from "./operations/execution-queries.ts";
import { sensitiveMembers } from "./operations/fields.ts";
import { stateMachineOperations } from "./operations/state-machine-operations.ts";
import { tagOperations } from "./operations/tag-operations.ts";
import { taskOperations } from "./operations/task-operations.ts";
import { validateOperations } from "./operations/validate-operation.ts";
import { type Place, StateMachines } from "./state-machines.ts";
import { TaskResources } from "./task-resources.ts";

export type { ExecutionChange, LambdaOutcome };

/** What Step Functions needs from the rest of the local endpoint. */
export interface StepFunctionsDependencies extends Omit<LambdaDependencies, "newId"> {
  /** How many finished executions are kept, with their history, per account and Region; the longest finished are forgotten. */
  keepFinishedExecutions: number;
}

export interface StepFunctions {
  service: Service;
  /**
   * Creates a state machine in process, with the same checks as the API.
   *
   * @throws {AwsError} `InvalidName`, `InvalidArn`, `InvalidDefinition`, `StateMachineAlreadyExists`.
   */
  createStateMachine(
    request: { name: string; definition: string; roleArn: string; tags?: Record<string, string> },
    place: Place,
  ): { stateMachineArn: string; creationDate: Date };
  /** Creates a state machine, or gives it another definition and role where they differ, as a deployment does. */
  putStateMachine(request: { name: string; definition: string; roleArn: string }, place: Place): void;
  /** Goes on with the executions that an earlier process has left, once the functions are there. */
  resume(): void;
  /**
   * Starts an execution in process, with the same checks as the API.
   *
   * @param request.input - JSON text.
   * @throws {AwsError} as `StartExecution` refuses.
   */
  startExecution(request: { stateMachineArn: string; input: string; name?: string }): {
    executionArn: string;
    startDate: Date;
  };
  /** Tells of every new status of an execution, until the returned function is called. */
  onExecutionChange(listener: (change: ExecutionChange) => void): () => void;
}

/**
 * AWS Step Functions on one machine: JSONata state machines of type STANDARD, several accounts and Regions.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/Welcome.html
 */
export function createStepFunctions(
  context: LocalContext,
  dependencies: StepFunctionsDependencies,
): StepFunctions {
  const { invokeLambda, roleMay, keepFinishedExecutions } = dependencies;
  const resources = new TaskResources({ invokeLambda, roleMay, newId: context.newId });
  const tokens = new TaskTokens(context.newId);
  const machines = new StateMachines(context, resources);
  const executions = new Executions({ context, tokens }, machines, keepFinishedExecutions);
  return {
    service: awsJsonService({
      signingName: "states",
      version: "1.0",
      targetPrefix: "AWSStepFunctions",
      sensitive: sensitiveMembers,
      operations: {
        ...stateMachineOperations(machines, executions),
        ...executionOperations(machines, executions),
        ...executionQueries(machines, executions),
        ...taskOperations(tokens),
        ...tagOperations(machines),
        ...validateOperations(resources),
      },
    }),
    createStateMachine(request, place) {
      const { arn, creationDate } = machines.create(request, place);
      return { stateMachineArn: arn, creationDate };
    },
    putStateMachine(request, place) {
      const existing = machines.find(stateMachineArn(place, request.name));
      if (existing === undefined) machines.create(request, place);
      else machines.update(existing, request);
    },
    resume: () => executions.resume(),
    startExecution(request) {
      const { arn, startDate } = executions.start(request);
      return { executionArn: arn, startDate };
    },
    onExecutionChange: (listener) => executions.onChange(listener),
  };
}
