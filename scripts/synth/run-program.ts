import { spawn } from "node:child_process";

/**
 * Runs a Node.js program in a folder and waits for its end.
 *
 * @param what - Names the program in the error.
 * @throws {Error} it ended with another code than 0; the message is what it said.
 */
export function runProgram(
  what: string,
  args: string[],
  { folder, environment }: { folder: string; environment: Record<string, string> },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const program = spawn(process.execPath, args, {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said: string[] = [];
    program.stdout.on("data", (text) => said.push(String(text)));
    program.stderr.on("data", (text) => said.push(String(text)));
    program.on("error", reject);
    program.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`${what} ended with ${code}:\n${said.join("")}`)),
    );
  });
}
