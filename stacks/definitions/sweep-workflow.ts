import { type Deployment, functionArn } from "./deployment.ts";
import { functionNameOf } from "./functions.ts";
import { type StateMachineDefinition, lambdaRetry, unavailableRetry } from "./workflow.ts";

/**
 * The sweep's workflow: one function, invoked again until every card was compared. It takes no input, so it can also be
 * started by hand. What the function cannot mend fails the execution, and the next sweep starts from the beginning.
 */
export function sweepWorkflow(deployment: Deployment): StateMachineDefinition {
  return {
    Comment: "Compares every model card with its live access, and starts the promotion of those that differ.",
    QueryLanguage: "JSONata",
    StartAt: "Sweep",
    States: {
      Sweep: {
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        Arguments: {
          FunctionName: functionArn(functionNameOf("sweep"), deployment),
          Payload: {
            executionArn: "{% $states.context.Execution.Id %}",
            startedAt: "{% $states.context.Execution.StartTime %}",
            progress: "{% $exists($progress) ? $progress : null %}",
          },
        },
        TimeoutSeconds: 330,
        Retry: [lambdaRetry, unavailableRetry],
        Assign: { progress: "{% $states.result.Payload %}" },
        Output: "{% $states.result.Payload %}",
        Next: "EveryCardCompared",
      },
      EveryCardCompared: {
        Type: "Choice",
        Choices: [{ Condition: "{% $states.input.position = null %}", Next: "Done" }],
        Default: "Sweep",
      },
      Done: { Type: "Succeed" },
    },
  };
}
