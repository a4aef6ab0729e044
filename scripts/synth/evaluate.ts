import { writeFileSync } from "node:fs";
import * as z from "zod";
import { type Relations, type SynthesisedResource, createMockMonitor } from "./mock-monitor.ts";

/** What the engine is told of a resource, beside its inputs. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getDependenciesList(): string[];
  getImportid(): string;
  getRetainondelete(): boolean;
}

interface Monitor {
  registerResource(request: RegisterRequest, ...rest: unknown[]): unknown;
}

interface PulumiRuntime {
  getMonitor(): Monitor | undefined;
  setMocks(mocks: ReturnType<typeof createMockMonitor>, project: string, stack: string): Promise<void> | void;
  runInPulumiStack(program: () => Promise<unknown>): Promise<unknown>;
}

const AppSchema = z.object({
  name: z.string(),
  stage: z.string(),
  providers: z.object({
    aws: z.looseObject({ region: z.string(), allowedAccountIds: z.array(z.string()) }),
  }),
});

/**
 * Runs the program in a stack of the mock monitor and writes what it asked for to the file that `SYNTHESIS_OUT` names. Many
 * resources are made only once the outputs of others are known, so everything is there when nothing is left to wait for.
 */
export async function evaluate({
  app,
  runtime,
  program,
}: {
  app: unknown;
  runtime: PulumiRuntime;
  program: () => Promise<unknown>;
}): Promise<void> {
  const { name, stage, providers } = AppSchema.parse(app);
  const { region, allowedAccountIds } = providers.aws;
  // The engine makes the default provider of what the configuration says of it.
  const provider = { type: "pulumi:providers:aws", name: "default", inputs: providers.aws };
  const resources: SynthesisedResource[] = [];
  await runtime.setMocks(
    createMockMonitor({ accountId: allowedAccountIds[0] ?? "", region }, (resource) =>
      resources.push(resource),
    ),
    name,
    stage,
  );
  const relations = noteRelations(runtime.getMonitor());
  process.on("beforeExit", () => {
    const registered = resources.flatMap((resource) => {
      const related = relations.get(keyOf(resource.type, resource.name));
      // What exists already is only read, and no part of the deployment.
      return related === undefined ? [] : [{ ...resource, ...related }];
    });
    writeFileSync(
      process.env["SYNTHESIS_OUT"] ?? "",
      JSON.stringify([{ ...provider, ...unrelated }, ...registered]),
    );
  });
  await runtime.runInPulumiStack(program);
}

const unrelated: Relations = { dependsOn: [], retainOnDelete: false, importId: "" };

/** Mocks are told inputs only, so the rest is read from what the monitor is asked. */
function noteRelations(monitor: Monitor | undefined): Map<string, Relations> {
  if (monitor === undefined) throw new TypeError("Pulumi has no monitor after setMocks");
  const relations = new Map<string, Relations>();
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, ...rest) => {
    relations.set(keyOf(request.getType(), request.getName()), {
      dependsOn: request.getDependenciesList().map(nameOf).sort(),
      retainOnDelete: request.getRetainondelete(),
      importId: request.getImportid(),
    });
    return register(request, ...rest);
  };
  return relations;
}

function keyOf(type: string, name: string): string {
  return `${type} ${name}`;
}

/** `urn:pulumi:<stack>::<project>::<types of its parents>$<type>::<name>` as type and name. */
function nameOf(urn: string): string {
  const [, , types = "", ...name] = urn.split("::");
  return keyOf(types.split("$").at(-1) ?? "", name.join("::"));
}
