import { commands } from "../../cli/commands.ts";
import { runCardway } from "../../cli/program.ts";
import { progressOn } from "../../cli/progress.ts";
import { plainScreen } from "../../cli/screen.ts";
import type { Settings } from "../../functions/lifecycle/settings.ts";
import lifecycleSettings from "../../lifecycle.config.ts";
import { type TestCloud, accounts, region } from "../workflow/test-cloud.ts";
import type { Credentials } from "./operator-credentials.ts";

/** What a command wrote, and how it ended. */
export interface Told {
  code: number;
  stdout: string;
  stderr: string;
}

/** Whom a command runs for, and where. */
interface Person {
  credentials?: Credentials;
  settings?: Settings;
  /** What they answer who are asked; nobody sits there, if left out. */
  answer?: "y" | "n";
  now?: Date;
  /** Carries their calls, if that is not the local cloud's own way. */
  requestHandler?: TestCloud["cloud"]["requestHandler"];
}

/** Some hours behind what tests let happen, so that ages are always the same. */
const later = new Date("2026-01-01T06:00:00.000Z");

/** Runs `cardway` with these words against the local cloud, as an operator does. */
export async function cardway(
  test: TestCloud,
  words: string[],
  {
    credentials = { accessKeyId: accounts.owner, secretAccessKey: "any" },
    settings = lifecycleSettings,
    answer,
    now = later,
    requestHandler = test.cloud.requestHandler,
  }: Person = {},
): Promise<Told> {
  const said = { stdout: "", stderr: "" };
  const code = await runCardway(
    words,
    {
      screen: plainScreen,
      progress: progressOn({ write: () => undefined }),
      write: (text) => (said.stdout += text),
      writeError: (text) => (said.stderr += text),
      ask: answer && (async (question) => ((said.stdout += `${question}${answer}\n`), answer === "y")),
      loadSettings: async () => settings,
      accessTo: (choice) => ({
        region: choice.region,
        endpoint: "http://aws.test",
        credentials,
        requestHandler,
        maxAttempts: 1,
      }),
      environment: { AWS_REGION: region },
      now: () => now,
      newId: () => crypto.randomUUID(),
      queueWaitSeconds: 0,
      pause: () => test.pass(1 / 60),
    },
    commands,
  );
  return { code, ...said };
}

/** Times and ids, which are others at every run, as ones that stay and are as long. */
export function withoutChance(text: string): string {
  const ids = new Map<string, string>();
  return text
    .replaceAll(/(2026-01-\d\d[T ])00:\d\d:\d\d/g, "$100:00:00")
    .replaceAll(/:\d\d\.\d{3}Z/g, ":00.000Z")
    .replaceAll(/\b[0-9a-f]{8}((-[0-9a-f]{4}){3}-[0-9a-f]{12})?(?![0-9a-f-])/g, (id, rest: string = "") => {
      const start = id.slice(0, 8);
      const known = ids.get(start) ?? `a${String(ids.size + 1).padStart(7, "0")}`;
      ids.set(start, known);
      return rest === "" ? known : `${known}-0000-4000-8000-000000000000`;
    });
}
