import { writeFileSync } from "node:fs";
import * as z from "zod";
import { type SynthesisedResource, createMockMonitor } from "./mock-monitor.ts";

interface PulumiRuntime {
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
  const resources: SynthesisedResource[] = [
    { type: "pulumi:providers:aws", name: "default", inputs: providers.aws },
  ];
  await runtime.setMocks(
    createMockMonitor({ accountId: allowedAccountIds[0] ?? "", region }, (resource) =>
      resources.push(resource),
    ),
    name,
    stage,
  );
  process.on("beforeExit", () => {
    writeFileSync(process.env["SYNTHESIS_OUT"] ?? "", JSON.stringify(resources));
  });
  await runtime.runInPulumiStack(program);
}
