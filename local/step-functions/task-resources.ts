import type { KnownResources } from "./definition/check-definition.ts";
import type { TaskResource } from "./engine/task-resource.ts";
import { type LambdaDependencies, lambdaInvoke } from "./lambda-resource.ts";

/** The integrations that a Task state can name. A further one is one more entry. */
export class TaskResources implements KnownResources {
  private readonly resources: ReadonlyMap<string, TaskResource>;

  constructor(dependencies: LambdaDependencies) {
    this.resources = new Map([
      ["arn:aws:states:::lambda:invoke", lambdaInvoke(dependencies, false)],
      ["arn:aws:states:::lambda:invoke.waitForTaskToken", lambdaInvoke(dependencies, true)],
    ]);
  }

  checkArguments(resource: string, taskArguments: unknown): string[] | undefined {
    return this.resources.get(resource)?.checkArguments(taskArguments);
  }

  /** @throws for a resource that `checkDefinition` would not have let pass. */
  get(arn: string): TaskResource {
    const resource = this.resources.get(arn);
    if (resource === undefined) throw new Error(`The resource ${arn} is not built in the local endpoint`);
    return resource;
  }
}
