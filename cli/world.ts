import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline/promises";
import { setTimeout } from "node:timers/promises";
import type { Settings } from "../functions/lifecycle/settings.ts";
import { type Access, accessBy, localAccess } from "./access.ts";
import { type Progress, progressOn } from "./progress.ts";
import { type Screen, screenOf } from "./screen.ts";

/** What a command takes from outside: who reads and answers, the time, and the way to AWS. */
export interface World {
  screen: Screen;
  progress: Progress;
  write(text: string): void;
  writeError(text: string): void;
  /** Asks a person; anything but a yes is no. `undefined` where nobody sits there. */
  ask: ((question: string) => Promise<boolean>) | undefined;
  /** Loaded when a command needs them, so that a fault in them is told like any other. */
  loadSettings(): Promise<Settings>;
  /** How the calls into an account are made. */
  accessTo(account: AccountChoice): Access;
  environment: Readonly<Record<string, string | undefined>>;
  now: () => Date;
  newId: () => string;
  /** How long a call waits for the last messages of a queue. */
  queueWaitSeconds: number;
  /** Lets a moment pass between two looks at work that takes long. */
  pause: () => Promise<void>;
}

/** Which account is meant, and how a person wants to reach it. */
export interface AccountChoice {
  accountId: string;
  region: string;
  profile?: string | undefined;
  /** Address of the local endpoint, where that is meant. */
  local?: string | undefined;
}

/** How long it takes from one look to the next, in milliseconds. */
const lookEveryMs = 1_000;

/** This process, as a person or a script has started it. */
export function processWorld({ stdin, stdout, stderr, env }: NodeJS.Process): World {
  return {
    screen: screenOf(stdout, env),
    progress: progressOn(stderr),
    write: (text) => void stdout.write(text),
    writeError: (text) => void stderr.write(text),
    ask: stdin.isTTY && stdout.isTTY ? (question) => askOn({ stdin, stdout }, question) : undefined,
    loadSettings: async () => (await import("../lifecycle.config.ts")).default,
    accessTo: ({ accountId, region, profile, local }) =>
      local === undefined ? accessBy(region, profile) : localAccess(region, local, accountId),
    environment: env,
    now: () => new Date(),
    newId: randomUUID,
    queueWaitSeconds: 1,
    pause: () => setTimeout(lookEveryMs),
  };
}

async function askOn(
  { stdin, stdout }: Pick<NodeJS.Process, "stdin" | "stdout">,
  question: string,
): Promise<boolean> {
  const lines = createInterface({ input: stdin, output: stdout });
  try {
    return /^y(es)?$/i.test((await lines.question(question)).trim());
  } finally {
    lines.close();
  }
}
