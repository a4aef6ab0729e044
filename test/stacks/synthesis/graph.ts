import * as z from "zod";
import { type SynthesisedResources, synthesise } from "../../../scripts/synth/synthesise.ts";

const StatementSchema = z.object({
  Sid: z.string().optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Action: z.union([z.string(), z.array(z.string())]),
  Resource: z.union([z.string(), z.array(z.string())]).optional(),
});
const PolicySchema = z.object({ Statement: z.array(StatementSchema) });

/** What a deployment would make, by type and name. */
export class Graph {
  readonly resources: SynthesisedResources;

  private constructor(resources: SynthesisedResources) {
    this.resources = resources;
  }

  /** @param settingsPath - Settings in the place of the repository's. */
  static async of(stage: string, settingsPath?: string): Promise<Graph> {
    return new Graph(await synthesise(stage, settingsPath));
  }

  /** The inputs of all resources of a type, for example `sqs/queue:Queue`, parsed. */
  all<Inputs extends z.ZodType>(type: string, inputs: Inputs): z.output<Inputs>[] {
    return this.resources
      .filter((resource) => resource.type === `aws:${type}`)
      .map((resource) => inputs.parse(resource.inputs));
  }

  /** Every policy of a role, by the role's name. */
  rolePolicies(): { role: string; name: string; statements: z.output<typeof StatementSchema>[] }[] {
    const schema = z.object({ role: z.string(), name: z.string(), policy: z.string() });
    return this.all("iam/rolePolicy:RolePolicy", schema).map(({ role, name, policy }) => ({
      role,
      name,
      statements: PolicySchema.parse(JSON.parse(policy)).Statement,
    }));
  }

  /** One line a resource, in order, for snapshots. */
  list(): string {
    return this.resources
      .map(({ type, name }) => `${type} ${name}`)
      .sort()
      .join("\n");
  }
}
