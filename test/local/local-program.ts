import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as z from "zod";

const root = fileURLToPath(new URL("../..", import.meta.url));
const ReadySchema = z.object({ ready: z.literal(true), aws: z.url(), web: z.url() });

/** How a program ended, and all that it said. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function start(args: string[], nodeOptions: string[] = []): { program: ChildProcess; ended: Promise<Ended> } {
  const program = spawn(process.execPath, [...nodeOptions, "--import", "tsx", "local/start.ts", ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { stdout: "", stderr: "" };
  program.stdout.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()));
  program.stderr.on("data", (chunk: Buffer) => (said.stderr += chunk.toString()));
  const ended = new Promise<Ended>((resolve, reject) => {
    program.on("error", reject);
    program.on("close", (code) => resolve({ code, ...said }));
  });
  return { program, ended };
}

/** Runs the local program, as `npm start` does, to its end. */
export function runLocalProgram(args: string[], nodeOptions?: string[]): Promise<Ended> {
  return start(args, nodeOptions).ended;
}

/** Starts the services on free ports and waits until they are ready. */
export async function startLocalProgram(args: string[] = []): Promise<{
  aws: string;
  web: string;
  /** Sends the signal of Ctrl-C and waits for the end. */
  stop(): Promise<Ended>;
}> {
  const { program, ended } = start(["--idle", "--json", "--aws-port", "0", "--web-port", "0", ...args]);
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
