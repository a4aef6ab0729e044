import { createInterface } from "node:readline";
import * as z from "zod";
import { type Ended, startProgram } from "../program.ts";

const ReadySchema = z.object({ ready: z.literal(true), aws: z.url(), web: z.url() });

/** Runs the local program, as `npm start` does, to its end. */
export function runLocalProgram(args: string[], nodeOptions: string[] = []): Promise<Ended> {
  return startProgram(["local/start.ts", ...args], { nodeOptions }).ended;
}

/** Starts the services on free ports and waits until they are ready. */
export async function startLocalProgram(args: string[] = []): Promise<{
  aws: string;
  web: string;
  /** Sends the signal of Ctrl-C and waits for the end. */
  stop(): Promise<Ended>;
}> {
  const ports = ["--aws-port", "0", "--web-port", "0"];
  const { program, ended } = startProgram(["local/start.ts", "--idle", "--json", ...ports, ...args]);
  if (program.stdout === null) throw new TypeError("the program has no standard output");
  const lines = createInterface({ input: program.stdout });
  const first = await new Promise<string>((resolve, reject) => {
    lines.once("line", resolve);
    void ended.then(({ stderr }) => reject(new Error(`The program ended: ${stderr}`)));
  });
  const { aws, web } = ReadySchema.parse(JSON.parse(first));
  return {
    aws,
    web,
    stop() {
      program.kill("SIGINT");
      return ended;
    },
  };
}
