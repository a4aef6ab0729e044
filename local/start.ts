import { randomUUID } from "node:crypto";
import { resolve as resolvePath } from "node:path";
import { UsageError } from "../cli/command-line.ts";
import { ConfigurationError } from "../functions/errors.ts";
import type { Settings } from "../functions/lifecycle/settings.ts";
import { stageAccounts } from "../functions/lifecycle/stage-accounts.ts";
import { systemClock } from "./clock.ts";
import { type LocalCloud, createLocalCloud } from "./cloud.ts";
import { type HttpServer, PortInUseError, startHttpServer } from "./endpoint/http-server.ts";
import { DataDirectoryError } from "./journal/data-directory.ts";
import { Journal } from "./journal/journal.ts";
import { type Options, parseOptions, usage } from "./options.ts";
import { tellJson, tellWords } from "./story/step.ts";
import { type WebServer, startWebServer } from "./web-server.ts";

const keepFinishedExecutions = 1_000;
const keepMessages = 1_000;

interface Running {
  /** Absent where everything is in memory only. */
  journal: Journal | undefined;
  cloud: LocalCloud;
  aws: HttpServer;
  web: WebServer;
}

const write = (text: string): void => void process.stdout.write(text);
const complain = (text: string): void => void process.stderr.write(text);

/** Starts the services, with Cardway deployed in the home Region. */
async function startServices(options: Options, settings: Settings): Promise<Running> {
  const log = (line: string): void => complain(`${line}\n`);
  const started: { aws?: HttpServer; web?: WebServer } = {};
  const journal = options.data === undefined ? undefined : openJournal(options.data);
  const cloud = createLocalCloud({
    context: {
      clock: systemClock,
      newId: () => randomUUID(),
      random: () => Math.random(),
      log,
      ...(journal && { journal }),
    },
    settings,
    homeRegion: options.region,
    organizationAccountIds: [settings.modelCardAccountId, ...stageAccounts(settings)].filter(
      (accountId) => !options["outside-account"].includes(accountId),
    ),
    awsUrl: () => started.aws?.url ?? "http://127.0.0.1",
    approvalPageUrl: (region) => {
      const url = started.web?.url ?? "http://127.0.0.1";
      return region === options.region ? url : `${url}/${region}`;
    },
    consoleUrl: () => started.web?.url ?? "http://127.0.0.1",
    logLevel: options.logs ? "INFO" : "SILENT",
    associationDelayMs: () => options["association-delay-ms"],
    eventDelayMs: () => options["event-delay-ms"],
    keepFinishedExecutions,
    keepMessages,
  });

  // The pages and the functions bring the SDK with them, for which nobody who starts this should have to wait.
  const pages = once(async () => {
    const { createPages } = await import("./pages.ts");
    return createPages(cloud, {
      homeRegion: options.region,
      consoleRole: options["console-role"],
      log,
    });
  });

  try {
    started.web = await startWebServer(
      { fetch: async (request) => (await pages()).fetch(request) },
      options["web-port"],
    );
    started.aws = await startHttpServer({
      host: "127.0.0.1",
      port: options["aws-port"],
      flag: "--aws-port",
      handle: (request) => cloud.endpoint.handle(request),
      log,
    });
    cloud.open(options.region);
    cloud.resume();
  } catch (error) {
    await Promise.all([started.aws?.close(), started.web?.close()]);
    cloud.close();
    journal?.close();
    throw error;
  }
  return { journal, cloud, aws: started.aws, web: started.web };
}

/** @throws {DataDirectoryError} the directory cannot be used. */
function openJournal(directory: string): Journal {
  return new Journal(resolvePath(directory), {
    fail(error) {
      const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
      complain(`The journal in ${directory} cannot be written (${reason}). Nothing goes on without it.\n`);
      process.exit(1);
    },
  });
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    write(usage);
    return;
  }
  // Loaded here, so that a fault in the settings is told like any other wrong usage.
  const { default: settings } = await import("../lifecycle.config.ts");
  const running = await startServices(options, settings);
  const { aws, web, cloud, journal } = running;
  const stopping = new AbortController();
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        stopping.abort();
        resolve();
      });
    }
  });

  if (options.json) write(`${JSON.stringify({ ready: true, aws: aws.url, web: web.url })}\n`);
  else
    write(
      `AWS endpoint  ${aws.url}\nWeb pages     ${web.url}  (mails: ${web.url}/inbox, console: ${web.url}/console)\n\n`,
    );
  const tell = options.json
    ? tellJson(write)
    : tellWords(write, (accountId) => accountName(accountId, settings), process.stdout.isTTY);

  if (options.idle) {
    await cloud.loadFunctions();
  } else {
    const { tellStory } = await import("./story/tell-story.ts");
    try {
      const failure = await tellStory({
        cloud,
        settings,
        awsUrl: aws.url,
        webUrl: web.url,
        options,
        tell,
        write,
        signal: stopping.signal,
      });
      if (failure !== undefined) {
        process.exitCode = 1;
        if (options.json) tell({ step: "failed", message: failure });
        else complain(`${failure}\n`);
      }
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
    }
  }
  if (!options.yes || options.idle) {
    if (!options.json && !stopping.signal.aborted) write("Running. Ctrl-C stops it.\n");
    await stopped;
  }
  await Promise.all([aws.close(), web.close()]);
  cloud.close();
  journal?.close();
}

function accountName(accountId: string, { modelCardAccountId, lifecycles }: Settings): string {
  if (accountId === modelCardAccountId) return "model cards";
  const stages = lifecycles.flatMap(({ stages }) => stages);
  return stages.find((stage) => stage.accountId === accountId)?.name ?? accountId;
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

try {
  await main();
  process.exit();
} catch (error) {
  const isWrongUse =
    error instanceof UsageError || error instanceof ConfigurationError || error instanceof DataDirectoryError;
  if (isWrongUse) complain(`${error.message}\n`);
  else if (error instanceof PortInUseError) complain(`${error.message}\n`);
  else complain(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(isWrongUse ? 2 : 1);
}
