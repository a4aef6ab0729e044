// Runs a program of this package on the Node.js that Lambda runs, after installing what is missing.
// Plain JavaScript, because it must start on whatever Node.js the machine has before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const marker = join(root, "node_modules", ".cardway-installed");
const wanted = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");

if (!existsSync(marker) || readFileSync(marker, "utf8") !== wanted) {
  process.stderr.write("Installing dependencies (once, about half a minute) ...\n");
  const installed = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (installed.status !== 0) {
    process.stderr.write("npm ci failed: see its message above, then run the same command again.\n");
    process.exit(installed.status ?? 1);
  }
  writeFileSync(marker, wanted);
}

const bundled = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
const node = existsSync(bundled) ? bundled : process.execPath;
const program = spawn(node, process.argv.slice(2), { cwd: root, stdio: "inherit" });
// A terminal sends Ctrl-C to the whole group: the program answers it, this process only waits for it.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => program.kill(signal));
program.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));
