import { type Deployment, functionArn } from "./deployment.ts";
import { functionNameOf } from "./functions.ts";
import { type StateMachineDefinition, busyRetry, lambdaRetry, unavailableRetry } from "./workflow.ts";

/**
 * The sweep's workflow: one function, invoked again until every card was compared. It needs no input, so it can also be
 * started by hand; `{ "dryRun": true }` has it only say what it would do. What the function cannot mend, and a card that could
 * not be compared, fails the execution, and the next sweep starts from the beginning.
 */
export function sweepWorkflow(deployment: Deployment): StateMachineDefinition {
  return {
    Comment:
      "Compares every model card with what it should be, and starts the promotion of those that differ.",
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
            dryRun: "{% $states.context.Execution.Input.dryRun = true %}",
            progress: "{% $exists($progress) ? $progress : null %}",
          },
        },
        TimeoutSeconds: 330,
        Retry: [busyRetry, lambdaRetry, unavailableRetry],
        Assign: { progress: "{% $states.result.Payload %}" },
        Output: "{% $states.result.Payload %}",
        Next: "EveryCardCompared",
      },
      EveryCardCompared: {
        Type: "Choice",
        Choices: [
          { Condition: "{% $states.input.position != null %}", Next: "Sweep" },
          { Condition: "{% $states.input.failing > 0 %}", Next: "SomeNotCompared" },
        ],
        Default: "Done",
      },
      SomeNotCompared: {
        Type: "Fail",
        Error: "SweepIncompleteError",
        Cause:
          "{% $states.input.failing & ' of ' & $states.input.scanned & ' cards could not be compared; the log of cardway-sweep says why. The others were, and the next sweep tries again.' %}",
      },
      Done: { Type: "Succeed" },
    },
  };
}
