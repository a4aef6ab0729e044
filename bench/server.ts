import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as z from "zod";

/** The real program in a process of its own, started as `npm start` does it, on free ports. */
export interface Server {
  /** Address of the AWS endpoint. */
  url: string;
  /** Address of the web pages. */
  web: string;
  /** From the spawn of the process to its ready line, in milliseconds. */
  readyMs: number;
  /** What the process holds after a garbage collection, and the most that it ever held, in MB. */
  memory(): Promise<Memory>;
  stop(): Promise<void>;
}

const root = fileURLToPath(new URL("..", import.meta.url));

/** What `npm start` gives to Node.js after `node scripts/run.mjs`: flags, among them the TypeScript loader, and the program. */
const startCommand = z
  .object({ scripts: z.object({ start: z.string() }) })
  .parse(JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")))
  .scripts.start.split(" ")
  .slice(2);

const ReadySchema = z.object({ ready: z.literal(true), aws: z.url(), web: z.url() });
const MemorySchema = z.object({ rssMb: z.number(), heapMb: z.number(), peakRssMb: z.number() });

export type Memory = z.output<typeof MemorySchema>;

/** @param flags - Flags of Node.js on top of those of `npm start`. */
export async function startServer(flags: readonly string[] = []): Promise<Server> {
  const ports = ["--aws-port", "0", "--web-port", "0"];
  const startedAt = performance.now();
  const program = spawn(process.execPath, [...flags, ...startCommand, "--idle", "--json", ...ports], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  const line = await firstLine(program);
  const readyMs = performance.now() - startedAt;
  const { aws, web } = ReadySchema.parse(JSON.parse(line));
  return {
    url: aws,
    web,
    readyMs,
    async memory() {
      const answer = once(program, "message");
      program.send("measure");
      const [message] = await answer;
      return MemorySchema.parse(message);
    },
    async stop() {
      const stopped = once(program, "exit");
      program.kill();
      await stopped;
    },
  };
}

/** Flags for a server that answers `memory`. */
export const memoryProbe = ["--expose-gc", "--import", new URL("memory-probe.mjs", import.meta.url).href];

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new TypeError("The server's standard output is not a pipe");
  const lines = createInterface({ input: stdout });
  for await (const line of lines) return line;
  throw new Error("The server ended before it was ready");
}
