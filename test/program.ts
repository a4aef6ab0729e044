import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** How a program ended, and all that it said. */
export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/**
 * Starts a program of this repository as its script in package.json does.
 *
 * @param words - The program, from the repository's root, and what it is told.
 * @param options.variables - Its environment, beside where programs and the home are; that of the tests, if left out.
 * @param options.nodeOptions - Further options of Node.js.
 * @param options.answer - All that is typed.
 */
export function startProgram(
  words: [program: string, ...args: string[]],
  {
    variables,
    nodeOptions = [],
    answer = "",
  }: { variables?: Record<string, string>; nodeOptions?: string[]; answer?: string } = {},
): { program: ChildProcess; ended: Promise<Ended> } {
  const { PATH = "", HOME = "" } = process.env;
  const program = spawn(process.execPath, [...nodeOptions, "--import", "tsx", ...words], {
    cwd: root,
    stdio: ["pipe", "pipe", "pipe"],
    ...(variables && { env: { PATH, HOME, ...variables } }),
  });
  program.stdin.end(answer);
  const said = { stdout: "", stderr: "" };
  program.stdout.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()));
  program.stderr.on("data", (chunk: Buffer) => (said.stderr += chunk.toString()));
  const ended = new Promise<Ended>((resolve, reject) => {
    program.on("error", reject);
    program.on("close", (code) => resolve({ code, ...said }));
  });
  return { program, ended };
}
