import type { Json } from "../json.ts";
import type { MapItem, Scope } from "./scope.ts";
import { StateFailure, StatesError } from "./state-failure.ts";
import type { Workflow } from "./workflow.ts";

/** The branches of a Parallel state, or the iterations of a Map state. */
export interface ChildWorkflows {
  children: readonly { workflow: Workflow; input: Json; mapItem?: MapItem }[];
  /** How many run at the same time. */
  concurrency: number;
  /** The Map state's name, where the children are iterations: these have events of their own. */
  iterationName?: string;
}

/**
 * Runs workflows inside a state, side by side. The first that fails ends the others.
 *
 * @returns their outputs, in the order of the children.
 * @throws {StateFailure} of the first child that failed.
 */
export function runChildWorkflows(scope: Scope, workflows: ChildWorkflows): Promise<Json[]> {
  const { children, concurrency, iterationName } = workflows;
  return new Promise((resolve, reject) => {
    const outputs: Json[] = [];
    const running = new Map<number, Scope>();
    let opened = 0;
    let succeeded = 0;
    let isOver = false;

    const open = (previousEventId: number): void => {
      const index = opened;
      opened += 1;
      const child = scope.openChild(previousEventId, children[index]?.mapItem);
      running.set(index, child);
      if (iterationName !== undefined) child.emit("MapIterationStarted", { index, name: iterationName });
    };

    const start = (index: number): void => {
      const child = running.get(index);
      const work = children[index];
      if (child === undefined || work === undefined) return;
      scope.control
        .runWorkflow(child, work.workflow, work.input)
        .then((output) => succeed(index, child, output))
        .catch((error: unknown) => fail(index, child, error));
    };

    const succeed = (index: number, child: Scope, output: Json): void => {
      const lastStateEventId = child.lastEventId;
      if (iterationName !== undefined) child.emit("MapIterationSucceeded", { index, name: iterationName });
      scope.lastEventId = child.lastEventId;
      running.delete(index);
      scope.closeChild(child);
      outputs[index] = output;
      succeeded += 1;
      if (succeeded === children.length) {
        isOver = true;
        resolve(outputs);
      } else if (opened < children.length) {
        const next = opened;
        open(lastStateEventId);
        start(next);
      }
    };

    const fail = (index: number, child: Scope, error: unknown): void => {
      // Siblings that were ended because of the first failure end up here too.
      if (isOver) return;
      isOver = true;
      running.delete(index);
      scope.closeChild(child);
      scope.lastEventId = child.lastEventId;
      try {
        if (error instanceof StateFailure && error.errorName !== StatesError.runtime) {
          recordFailure(index, child);
        }
      } finally {
        for (const sibling of running.values()) {
          scope.closeChild(sibling);
          sibling.cancel();
        }
        running.clear();
        reject(error);
      }
    };

    const recordFailure = (index: number, child: Scope): void => {
      if (iterationName !== undefined) scope.note("MapIterationFailed", { index, name: iterationName });
      if (child.state?.type === "Task") scope.note("TaskStateAborted");
      for (const [other, sibling] of running) {
        if (iterationName !== undefined) {
          scope.note("MapIterationAborted", { index: other, name: iterationName });
        }
        recordAborted(scope, sibling);
      }
    };

    if (children.length === 0) {
      resolve(outputs);
      return;
    }
    const first = Math.min(concurrency, children.length);
    for (let index = 0; index < first; index += 1) open(scope.lastEventId);
    for (let index = 0; index < first; index += 1) start(index);
  });
}

/** Records the states that are under way in a scope which is about to be ended, all after the event that ends it. */
function recordAborted(scope: Scope, ended: Scope): void {
  const type = ended.state?.type;
  if (type === "Task" || type === "Wait" || type === "Parallel" || type === "Map") {
    scope.note(`${type}StateAborted`);
  }
  for (const child of ended.openChildren) recordAborted(scope, child);
}
