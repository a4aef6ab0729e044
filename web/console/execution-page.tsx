import type { JSX } from "hono/jsx/jsx-runtime";
import { nameOf } from "../../functions/aws/sagemaker.ts";
import { type ExecutionDetail, readExecution } from "../../queries/execution.ts";
import { cardOfExecution } from "../../queries/executions.ts";
import { type FailureExplanation, explainFailure } from "../../queries/explain-failure.ts";
import type { QuerySources } from "../../queries/sources.ts";
import { type StateGraph, stateGraph } from "../../queries/state-graph.ts";
import { deploymentOf } from "../../stacks/definitions/deployment.ts";
import { workflows } from "../../stacks/definitions/workflows.ts";
import { durationText } from "../duration.ts";
import { Notice } from "../page.tsx";
import { Time } from "../time.tsx";
import { oneLine } from "../untrusted-text.ts";
import { ActLink } from "./act-link.tsx";
import { ExecutionBadge } from "./badges.tsx";
import { ConsolePage, Fact, FactsLine, PageHeading, type Visit } from "./console-layout.tsx";
import { ExecutionWaterfall } from "./execution-waterfall.tsx";
import { cardPath, executionsPath } from "./page-paths.ts";
import { StateMachineDrawing } from "./state-machine-drawing.tsx";
import { StateVisits } from "./state-visits.tsx";

/** How often a page is shown anew while its execution runs, in seconds. */
const refreshSeconds = 2;

export interface ExecutionShown extends ExecutionDetail {
  workflow: "promotion" | "sweep";
  graph: StateGraph;
}

/** One execution with all that it did; `undefined` where there is none, or not any more. */
export async function readShownExecution(
  workflow: "promotion" | "sweep",
  name: string,
  sources: QuerySources,
): Promise<ExecutionShown | undefined> {
  const { promotionArn, sweepArn, settings, region } = sources;
  const stateMachineArn = workflow === "promotion" ? promotionArn : sweepArn;
  const executionArn = `${stateMachineArn.replace(":stateMachine:", ":execution:")}:${name}`;
  const detail = await readExecution(executionArn, sources);
  if (detail === undefined) return undefined;
  const definition = workflows
    .find((one) => stateMachineArn.endsWith(`:${one.name}`))
    ?.definition(deploymentOf(settings, "", region));
  return { ...detail, workflow, graph: stateGraph(definition) };
}

/** One execution: the state machine with the way that it took, when it was where, and what each state was given and gave. */
export function ExecutionPage({
  shown: { workflow, described, history, graph },
  inAws,
  now,
  visit,
}: {
  shown: ExecutionShown;
  inAws: boolean;
  now: Date;
  visit: Visit;
}): JSX.Element {
  const { executionArn, status, startedAt, stoppedAt, redriveCount, notRedrivable } = described;
  const { execution, visits, retries } = history;
  const { identity } = visit;
  const isRunning = status === "RUNNING" || status === "PENDING_REDRIVE";
  const modelCardArn = cardOfExecution(described.input);
  const title =
    modelCardArn === undefined ? titles[workflow] : `${titles[workflow]} of ${nameOf(modelCardArn)}`;
  const failure = explainFailure(execution, workflow);
  const endMs = stoppedAt === undefined || isRunning ? now.getTime() : Date.parse(stoppedAt);
  return (
    <ConsolePage
      title={title}
      place="Executions"
      visit={visit}
      refreshSeconds={isRunning ? refreshSeconds : undefined}
    >
      <PageHeading title={title} above={{ path: executionsPath, name: "Executions" }}>
        <div class="answers">
          {isRunning && <ActLink act="stop" members={{ executionArn }} identity={identity} text="Stop" />}
          {!isRunning && notRedrivable === undefined && (
            <ActLink act="redrive" members={{ executionArn }} identity={identity} text="Redrive" />
          )}
          {inAws && <a href={awsConsoleUrl(executionArn)}>Open in AWS</a>}
        </div>
      </PageHeading>
      <FactsLine>
        <Fact name="Status">
          <ExecutionBadge status={status} />
        </Fact>
        {modelCardArn !== undefined && (
          <Fact name="Card">
            <a class="card-name" href={cardPath(modelCardArn)}>
              {nameOf(modelCardArn)}
            </a>
          </Fact>
        )}
        <Fact name="Started">
          <Time at={startedAt} />
        </Fact>
        <Fact name={isRunning ? "Runs for" : "Took"}>{durationText(endMs - Date.parse(startedAt))}</Fact>
        <Fact name="Retries">{retries}</Fact>
        <Fact name="Redrives">{redriveCount}</Fact>
      </FactsLine>
      {failure !== undefined && <Failure failure={failure} />}
      <section class="panel" aria-labelledby="machine-heading">
        <h2 id="machine-heading">The way that it took</h2>
        <StateMachineDrawing
          id="machine"
          name={`cardway-${workflow}`}
          graph={graph}
          history={history}
          now={now}
        />
      </section>
      <section class="panel" aria-labelledby="waterfall-heading">
        <h2 id="waterfall-heading">When it was where</h2>
        <ExecutionWaterfall history={history} now={now} />
      </section>
      <StateVisits visits={visits} input={execution.input} output={execution.output} />
      <p class="small">
        <code>{executionArn}</code>
        {status !== "SUCCEEDED" && !isRunning && notRedrivable !== undefined && (
          <> AWS does not redrive it: {notRedrivable}</>
        )}
      </p>
    </ConsolePage>
  );
}

const titles = { promotion: "Promotion", sweep: "Sweep" };

/** Why it failed, what to do, and whether a redrive is worth trying. */
function Failure({ failure }: { failure: FailureExplanation }): JSX.Element {
  const { error, message, meaning, advice, redriveReason } = failure;
  return (
    <Notice kind="bad" title={error === "" ? "It did not succeed" : error}>
      <p>{meaning}</p>
      {message !== "" && <p class="said">{oneLine(message)}</p>}
      <p>
        <strong>{advice}</strong> {redriveReason}
      </p>
    </Notice>
  );
}

function awsConsoleUrl(executionArn: string): string {
  const region = executionArn.split(":")[3] ?? "";
  return `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${executionArn}`;
}
