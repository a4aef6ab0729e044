import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import lifecycleSettings from "../lifecycle.config.ts";
import { createApprovalApp } from "../web/approval-app.tsx";
import { createInboxApp } from "../web/inbox-app.tsx";
import { createLocalApp } from "../web/local-app.tsx";
import { systemClock } from "./clock.ts";
import { type LocalCloud, createLocalCloud } from "./cloud.ts";
import { type HttpServer, PortInUseError, startHttpServer } from "./endpoint/http-server.ts";
import { type Options, UsageError, parseOptions, usage } from "./options.ts";
import { approveAt } from "./story/approver.ts";
import { type Tell, tellJson, tellWords } from "./story/step.ts";
import { type AccessProof, StoryFailedError, isProved, playStory } from "./story/story.ts";
import { formatTable } from "./story/table.ts";
import { type WebServer, byRegion, startWebServer } from "./web-server.ts";

const keepFinishedExecutions = 1_000;
const keepMessages = 1_000;

interface Running {
  cloud: LocalCloud;
  aws: HttpServer;
  web: WebServer;
}

const write = (text: string): void => void process.stdout.write(text);
const complain = (text: string): void => void process.stderr.write(text);

/** Starts the services, with Cardway deployed in the home Region. */
async function startServices(options: Options): Promise<Running> {
  const log = (line: string): void => complain(`${line}\n`);
  const started: { aws?: HttpServer; web?: WebServer } = {};
  const cloud = createLocalCloud({
    context: { clock: systemClock, newId: () => randomUUID(), random: () => Math.random(), log },
    settings: lifecycleSettings,
    homeRegion: options.region,
    awsUrl: () => started.aws?.url ?? "http://127.0.0.1",
    approvalPageUrl: (region) => {
      const url = started.web?.url ?? "http://127.0.0.1";
      return region === options.region ? url : `${url}/${region}`;
    },
    logLevel: options.logs ? "INFO" : "SILENT",
    associationDelayMs: () => options["association-delay-ms"],
    eventDelayMs: () => options["event-delay-ms"],
    keepFinishedExecutions,
    keepMessages,
  });

  const approvalPages = (region: string) => createApprovalApp({ ...cloud.approvalPage(region), log });
  const pagesOfOtherRegions = new Map<string, ReturnType<typeof approvalPages>>();
  const pages = byRegion(
    {
      fetch: (request) => homePages().fetch(request),
    },
    (region) => {
      if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) return undefined;
      cloud.open(region);
      const known = pagesOfOtherRegions.get(region) ?? approvalPages(region);
      pagesOfOtherRegions.set(region, known);
      return known;
    },
  );
  const homePages = once(() =>
    createLocalApp({
      approvals: approvalPages(options.region),
      inbox: createInboxApp({ messages: () => cloud.ses.messages() }),
    }),
  );

  try {
    started.web = await startWebServer(pages, options["web-port"]);
    started.aws = await startHttpServer({
      host: "127.0.0.1",
      port: options["aws-port"],
      flag: "--aws-port",
      handle: (request) => cloud.endpoint.handle(request),
      log,
    });
    cloud.open(options.region);
  } catch (error) {
    await Promise.all([started.aws?.close(), started.web?.close()]);
    cloud.close();
    throw error;
  }
  return { cloud, aws: started.aws, web: started.web };
}

/** Plays the story and tells it. */
async function play(
  { cloud, aws }: Running,
  options: Options,
  tell: Tell,
  signal: AbortSignal,
): Promise<AccessProof[]> {
  const records = cloud.records(options.region);
  return playStory({
    settings: lifecycleSettings,
    region: options.region,
    awsUrl: aws.url,
    tell,
    findLink: (modelCardName) => {
      const mail = cloud.ses.messages().find(({ Subject }) => Subject.includes(modelCardName));
      return /https?:\/\/\S+\/approvals\/\S+/.exec(mail?.Body.text_part ?? "")?.[0];
    },
    effectsOf: (modelCardArn) => records.effectsOf(modelCardArn),
    decide: options.yes ? approveAt : undefined,
    now: () => systemClock.now(),
    wait: (milliseconds) => wait(milliseconds, undefined, { signal }),
    signal,
  });
}

function tellEnd(proofs: AccessProof[], options: Options, tell: Tell): void {
  if (options.json) {
    tell({ step: "proved", message: "what each account can do", proved: isProved(proofs), proofs });
    return;
  }
  const rows = proofs.map(({ accountId, name, access, describe, update }) => [
    accountId,
    name,
    access,
    describe,
    update,
  ]);
  write(`\n${formatTable(["account", "who", "access", "describe", "update"], rows)}\n\n`);
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) {
    write(usage);
    return;
  }
  const running = await startServices(options);
  const { aws, web, cloud } = running;
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
  else write(`AWS endpoint  ${aws.url}\nWeb pages     ${web.url}  (mails: ${web.url}/inbox)\n\n`);
  const tell = options.json ? tellJson(write) : tellWords(write, accountName, process.stdout.isTTY);

  if (!options.idle) {
    try {
      const proofs = await play(running, options, tell, stopping.signal);
      tellEnd(proofs, options, tell);
      if (!isProved(proofs))
        throw new StoryFailedError("The accounts cannot do just what the settings promise; see the table.");
    } catch (error) {
      if (!stopping.signal.aborted) {
        if (!(error instanceof StoryFailedError)) throw error;
        process.exitCode = 1;
        if (options.json) tell({ step: "failed", message: error.message });
        else complain(`${error.message}\n`);
      }
    }
  }
  if (!options.yes || options.idle) {
    if (!options.json && !stopping.signal.aborted) write("Running. Ctrl-C stops it.\n");
    await stopped;
  }
  await Promise.all([aws.close(), web.close()]);
  cloud.close();
}

function accountName(accountId: string): string {
  if (accountId === lifecycleSettings.modelCardAccountId) return "model cards";
  const stages = lifecycleSettings.lifecycles.flatMap(({ stages }) => stages);
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
  if (error instanceof UsageError) complain(`${error.message}\n`);
  else if (error instanceof PortInUseError) complain(`${error.message}\n`);
  else complain(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
}
