import type { JSX } from "hono/jsx/jsx-runtime";
import { nameOf } from "../../functions/aws/sagemaker.ts";
import type { ListedExecution } from "../../functions/aws/execution-pages.ts";
import { durationText } from "../duration.ts";
import { Age } from "./age.tsx";
import { ExecutionBadge } from "./badges.tsx";
import { cardPath, executionPath } from "./page-paths.ts";

/**
 * Executions, each with the way to its page.
 *
 * @param cards - The cards that they are about, by the ARN of the execution; left out where all are about one.
 */
export function ExecutionTable({
  executions,
  cards,
  now,
  label,
}: {
  executions: readonly ListedExecution[];
  cards?: ReadonlyMap<string, string> | undefined;
  now: Date;
  label: string;
}): JSX.Element {
  return (
    <div class="scroll" role="group" aria-label={label} tabindex={0}>
      <table class="list">
        <thead>
          <tr>
            <th scope="col">Execution</th>
            {cards !== undefined && <th scope="col">Card</th>}
            <th scope="col">Status</th>
            <th scope="col">Started</th>
            <th scope="col" class="number">
              Took
            </th>
            <th scope="col" class="number">
              Redrives
            </th>
          </tr>
        </thead>
        <tbody>
          {executions.map((execution) => {
            const { executionArn, name, status, startedAt, redriveCount } = execution;
            const modelCardArn = cards?.get(executionArn);
            return (
              <tr data-key={executionArn}>
                <th scope="row">
                  <a class="execution-name" href={executionPath(executionArn)}>
                    {shortName(name)}
                  </a>
                </th>
                {cards !== undefined && (
                  <td data-label="Card">
                    {modelCardArn === undefined ? (
                      "–"
                    ) : (
                      <a class="card-name" href={cardPath(modelCardArn)}>
                        {nameOf(modelCardArn)}
                      </a>
                    )}
                  </td>
                )}
                <td data-label="Status">
                  <ExecutionBadge status={status} />
                </td>
                <td data-label="Started">
                  <Age at={startedAt} now={now} /> ago
                </td>
                <td class="number" data-label="Took">
                  {tookText(execution, now)}
                </td>
                <td class="number" data-label="Redrives">
                  {redriveCount === 0 ? "–" : redriveCount}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Names of executions are ids: their beginning tells those on one page apart. */
export function shortName(name: string): string {
  return name.length > 14 ? `${name.slice(0, 13)}…` : name;
}

function tookText({ startedAt, stoppedAt, status }: ListedExecution, now: Date): string {
  const end = status === "RUNNING" ? now.getTime() : Date.parse(stoppedAt ?? startedAt);
  return durationText(end - Date.parse(startedAt));
}
