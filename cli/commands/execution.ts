import * as z from "zod";
import { readExecution } from "../../queries/execution.ts";
import type { ExecutionHistory } from "../../queries/execution-history.ts";
import type { StateVisit } from "../../queries/state-visit.ts";
import { type FailureExplanation, explainFailure } from "../../queries/explain-failure.ts";
import { ActNotPossibleError } from "../../functions/errors.ts";
import { nameOfExecution } from "../acts.ts";
import { type Context, type ExitCode, defineCommand } from "../command.ts";
import { emphasisOf } from "../execution-words.ts";
import { type Cell, counted, paragraph, table, textOf } from "../layout.ts";
import { printable } from "../printable.ts";
import { ExecutionSchema, executionNamed } from "../names.ts";
import type { Screen } from "../screen.ts";
import { durationOf, moment } from "../times.ts";

const OptionsSchema = z.object({ execution: ExecutionSchema, data: z.boolean().default(false) });

export const executionCommand = defineCommand({
  syntax: "execution <execution>",
  summary: "one execution: its states with their durations and retries, and what to do about an error",
  description: "An execution is named by its ARN, its name, or how that begins.",
  exitsWith1: "the execution failed, timed out or was stopped, or there is none",
  options: [["--data", "with what each state was given, and what it gave"]],
  schema: OptionsSchema,
  run,
});

/** An execution as it is shown. */
export interface ExecutionView extends ExecutionHistory {
  /** Absent where it has not failed. */
  failure?: FailureExplanation | undefined;
  /** Its page in the AWS console; absent at a local endpoint. */
  consoleUrl?: string | undefined;
}

async function run({ execution, data }: z.output<typeof OptionsSchema>, context: Context): Promise<ExitCode> {
  const { sources, place } = await context.connect();
  const executionArn = await executionNamed(execution, sources);
  const detail = await readExecution(executionArn, sources);
  if (detail === undefined) {
    throw new ActNotPossibleError(
      `There is no execution ${executionArn}, or not any more: AWS keeps them for 90 days.`,
    );
  }
  const { history } = detail;
  const workflow = executionArn.includes(":execution:cardway-sweep:") ? "sweep" : "promotion";
  const failure = explainFailure(history.execution, workflow);
  const view: ExecutionView = {
    ...history,
    failure,
    consoleUrl: context.isLocal ? undefined : consoleUrlOf(executionArn, place.region),
  };
  context.answer({ ...place, ...view }, () => executionWords(view, data, context.screen, context.now()));
  return failure === undefined ? 0 : 1;
}

function consoleUrlOf(executionArn: string, region: string): string {
  return `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${executionArn}`;
}

/** One execution, state by state. */
export function executionWords(view: ExecutionView, withData: boolean, screen: Screen, now: Date): string {
  const { execution, visits, retries, redrives, failure, consoleUrl } = view;
  const { executionArn, status, startedAt, durationMs, input, output } = execution;
  const facts = [
    `started ${moment(startedAt, now)}`,
    durationMs === undefined ? "it runs" : `took ${durationOf(durationMs)}`,
    ...(retries > 0 ? [counted(retries, "retry", "retries")] : []),
    ...(redrives.length > 0 ? [`redriven ${counted(redrives.length, "time")}`] : []),
  ];
  const columns = [
    { title: "" },
    { title: "state" },
    { title: "took", align: "right" as const },
    { title: "" },
  ];
  return [
    `${screen.style(emphasisOf(status), status)}  ${facts.join(", ")}\n`,
    paragraph(executionArn, screen),
    ...(consoleUrl === undefined ? [] : [`${consoleUrl}\n`]),
    "\n",
    ...(withData
      ? visits.map((visit) => `${paragraph(rowOf(visit).map(textOf).join("  "), screen)}${dataOf(visit)}`)
      : [table(columns, visits.map(rowOf), screen)]),
    `\n${screen.style("strong", "Input")}\n${json(input)}`,
    ...(output === undefined ? [] : [`\n${screen.style("strong", "Output")}\n${json(output)}`]),
    ...(failure === undefined ? [] : [failureWords(failure, executionArn, screen)]),
  ].join("");
}

function rowOf(visit: StateVisit): Cell[] {
  const { number, name, durationMs, outcome, attempts, error, waitingForCallback, redrive } = visit;
  const isBad = outcome === "failed" || outcome === "timed-out" || outcome === "caught";
  const facts = [
    waitingForCallback ? "waits for somebody" : outcome,
    ...(attempts.length > 1 ? [`${attempts.length} attempts`] : []),
    ...(error === undefined ? [] : [error]),
    ...(redrive === undefined ? [] : [`redrive ${redrive}`]),
  ];
  return [
    String(number),
    name,
    durationMs === undefined ? "" : durationOf(durationMs),
    isBad ? { text: facts.join(", "), emphasis: "bad" } : facts.join(", "),
  ];
}

function dataOf({ input, output, attempts }: StateVisit): string {
  const tries = attempts.flatMap(({ error, cause }, index) =>
    error === undefined
      ? []
      : [`    attempt ${index + 1}: ${error}${cause === undefined ? "" : `: ${cause}`}\n`],
  );
  const given = input === undefined ? "" : `    input\n${json(input)}`;
  const gave = output === undefined ? "" : `    output\n${json(output)}`;
  return `${tries.join("")}${given}${gave}`;
}

function failureWords(failure: FailureExplanation, executionArn: string, screen: Screen): string {
  const { error, message, meaning, advice, redrive, redriveReason } = failure;
  const command =
    redrive === "when-mended" ? `npx cardway redrive ${nameOfExecution(executionArn)}` : undefined;
  return [
    `\n${screen.style("bad", "What went wrong")}\n`,
    paragraph(`${error}${message === "" ? "" : `: ${message}`}`, screen, 4),
    paragraph(meaning, screen, 4),
    paragraph(advice, screen, 4, "→ "),
    paragraph(redriveReason, screen, 4, "→ "),
    ...(command === undefined ? [] : [`    ${command}\n`]),
  ].join("");
}

/** JSON text over several lines; what is none stays as it is. */
function json(text = ""): string {
  const lines = readable(text).split("\n");
  return lines.map((line) => `    ${printable(line)}\n`).join("");
}

function readable(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return text;
  }
}
