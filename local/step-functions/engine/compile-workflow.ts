import type {
  CatcherDefinition,
  RetrierDefinition,
  StateDefinition,
  WorkflowDefinition,
} from "../definition/state-machine-definition.ts";
import type { CompileExpression } from "../jsonata/compile-expression.ts";
import { compileTemplate, type Template } from "../jsonata/template.ts";
import type { TaskResource } from "./task-resource.ts";
import type { ErrorHandling, Results, Retrier, State, Workflow } from "./workflow.ts";

export interface WorkflowCompiler {
  compileExpression: CompileExpression;
  /** @throws where the resource is unknown: `checkDefinition` lets no such definition pass. */
  resource: (arn: string) => TaskResource;
}

/** Prepares a checked definition for running. */
export function compileWorkflow(definition: WorkflowDefinition, compiler: WorkflowCompiler): Workflow {
  return {
    startAt: definition.StartAt,
    states: new Map(
      Object.entries(definition.States).map(([name, state]) => [name, compileState(name, state, compiler)]),
    ),
  };
}

function compileState(name: string, definition: StateDefinition, compiler: WorkflowCompiler): State {
  const field = (value: unknown, path: string): Template | undefined =>
    value === undefined ? undefined : compileTemplate(value, path, compiler.compileExpression);
  const results = (from: ResultsDefinition, path = ""): Results => ({
    output: field(from.Output, `${path}Output`),
    assign:
      from.Assign &&
      Object.entries(from.Assign).map(([variable, value]) => [
        variable,
        compileTemplate(value, `${path}Assign/${variable}`, compiler.compileExpression),
      ]),
  });
  const errorHandling = (from: {
    Retry?: RetrierDefinition[] | undefined;
    Catch?: CatcherDefinition[] | undefined;
  }): ErrorHandling => ({
    retriers: (from.Retry ?? []).map(compileRetrier),
    catchers: (from.Catch ?? []).map((catcher, index) => ({
      errorEquals: catcher.ErrorEquals,
      next: catcher.Next,
      ...results(catcher, `Catch[${index}]/`),
    })),
  });

  const transitioning = (from: ResultsDefinition & { Next?: string | undefined }) => ({
    name,
    next: from.Next,
    ...results(from),
  });

  if (definition.Type === "Pass") return { type: "Pass", ...transitioning(definition) };
  if (definition.Type === "Succeed") return { type: "Succeed", name, ...results(definition) };
  if (definition.Type === "Fail") {
    return {
      type: "Fail",
      name,
      error: field(definition.Error, "Error"),
      cause: field(definition.Cause, "Cause"),
    };
  }
  if (definition.Type === "Wait") {
    return {
      type: "Wait",
      ...transitioning(definition),
      seconds: field(definition.Seconds, "Seconds"),
      timestamp: field(definition.Timestamp, "Timestamp"),
    };
  }
  if (definition.Type === "Choice") {
    return {
      type: "Choice",
      name,
      ...results(definition),
      defaultNext: definition.Default,
      rules: definition.Choices.map((rule, index) => ({
        condition: compileTemplate(rule.Condition, `Choices[${index}]/Condition`, compiler.compileExpression),
        next: rule.Next,
        ...results(rule, `Choices[${index}]/`),
      })),
    };
  }
  if (definition.Type === "Task") {
    return {
      type: "Task",
      ...transitioning(definition),
      ...errorHandling(definition),
      resource: compiler.resource(definition.Resource),
      arguments: field(definition.Arguments, "Arguments"),
      timeoutSeconds: field(definition.TimeoutSeconds, "TimeoutSeconds"),
      heartbeatSeconds: field(definition.HeartbeatSeconds, "HeartbeatSeconds"),
    };
  }
  if (definition.Type === "Parallel") {
    return {
      type: "Parallel",
      ...transitioning(definition),
      ...errorHandling(definition),
      arguments: field(definition.Arguments, "Arguments"),
      branches: definition.Branches.map((branch) => compileWorkflow(branch, compiler)),
    };
  }
  return {
    type: "Map",
    ...transitioning(definition),
    ...errorHandling(definition),
    items: field(definition.Items, "Items"),
    itemSelector: field(definition.ItemSelector, "ItemSelector"),
    maxConcurrency: field(definition.MaxConcurrency, "MaxConcurrency"),
    itemProcessor: compileWorkflow(definition.ItemProcessor, compiler),
  };
}

interface ResultsDefinition {
  Output?: unknown;
  Assign?: Record<string, unknown> | undefined;
}

/** Defaults as AWS documents them. */
function compileRetrier(retrier: RetrierDefinition): Retrier {
  return {
    errorEquals: retrier.ErrorEquals,
    intervalSeconds: retrier.IntervalSeconds ?? 1,
    maxAttempts: retrier.MaxAttempts ?? 3,
    backoffRate: retrier.BackoffRate ?? 2,
    maxDelaySeconds: retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY,
    jitter: retrier.JitterStrategy === "FULL",
  };
}
