import type { TaskResource } from "./task-resource.ts";
import type { Template } from "../jsonata/template.ts";

/** A definition ready to run: expressions compiled, resources looked up. */
export interface Workflow {
  startAt: string;
  states: ReadonlyMap<string, State>;
}

export type State =
  PassState | TaskState | ChoiceState | WaitState | SucceedState | FailState | ParallelState | MapState;

/** What a state, a choice rule or a catcher makes of its data when it is left. */
export interface Results {
  output?: Template;
  assign?: readonly [variable: string, value: Template][];
}

/** `next` is left out where the state ends its workflow. */
interface Transitioning extends Results {
  name: string;
  next?: string;
}

export interface ErrorHandling {
  retriers: readonly Retrier[];
  catchers: readonly Catcher[];
}

export interface Retrier {
  errorEquals: readonly string[];
  intervalSeconds: number;
  maxAttempts: number;
  backoffRate: number;
  maxDelaySeconds: number;
  jitter: boolean;
}

export interface Catcher extends Results {
  errorEquals: readonly string[];
  next: string;
}

export interface PassState extends Transitioning {
  type: "Pass";
}

export interface TaskState extends Transitioning, ErrorHandling {
  type: "Task";
  resource: TaskResource;
  arguments?: Template;
  timeoutSeconds?: Template;
  heartbeatSeconds?: Template;
}

export interface ChoiceState extends Results {
  type: "Choice";
  name: string;
  rules: readonly ChoiceRule[];
  defaultNext?: string;
}

export interface ChoiceRule extends Results {
  condition: Template;
  next: string;
}

export interface WaitState extends Transitioning {
  type: "Wait";
  seconds?: Template;
  timestamp?: Template;
}

export interface SucceedState extends Results {
  type: "Succeed";
  name: string;
}

export interface FailState {
  type: "Fail";
  name: string;
  error?: Template;
  cause?: Template;
}

export interface ParallelState extends Transitioning, ErrorHandling {
  type: "Parallel";
  arguments?: Template;
  branches: readonly Workflow[];
}

export interface MapState extends Transitioning, ErrorHandling {
  type: "Map";
  items?: Template;
  itemSelector?: Template;
  maxConcurrency?: Template;
  itemProcessor: Workflow;
}
