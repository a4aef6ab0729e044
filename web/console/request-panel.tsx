import type { JSX } from "hono/jsx/jsx-runtime";
import type { Asked, RequestView } from "../../queries/requests.ts";
import { approvalsNeeded, statusName } from "../approval-words.ts";
import { Time, timeLeft, timeText } from "../time.tsx";
import { manyLines, oneLine } from "../untrusted-text.ts";
import { ActLink } from "./act-link.tsx";
import { Mark, RiskText, type Tone } from "./badges.tsx";
import type { ConsoleIdentity } from "./console-identity.ts";
import { cardPath, executionPath, requestPath } from "./page-paths.ts";

/** One approval request: who was asked, what they answered, how much time is left. */
export function RequestPanel({
  request,
  identity,
  now,
  namesCard = true,
  isOwnPage = false,
}: {
  request: RequestView;
  identity: ConsoleIdentity;
  now: Date;
  namesCard?: boolean;
  /** Whether it stands on its own page, which then needs no way there. */
  isOwnPage?: boolean;
}): JSX.Element {
  const { requestId, modelCardArn, modelCardName, version, status, asked, deputies, executionArn } = request;
  const headingId = `request-${requestId}`;
  const execution = executionArn === undefined ? undefined : executionPath(executionArn);
  const about = `about ${modelCardName}`;
  return (
    <section class="panel request" aria-labelledby={headingId} data-key={requestId}>
      <div class="panel-heading">
        <h2 id={headingId}>
          {namesCard ? (
            <>
              <a href={cardPath(modelCardArn)}>{modelCardName}</a>
              {version !== undefined && <span class="quiet"> version {version}</span>}
            </>
          ) : (
            "Approval request"
          )}
        </h2>
        <EndMark request={request} now={now} />
      </div>
      <p class="request-facts">
        {status === "open" ? "Open" : statusName(status)} · <RiskText riskRating={request.riskRating} /> ·{" "}
        {approvalsNeeded(request)} needed · asked on <Time at={request.requestedAt} />
        {request.escalatedAt !== undefined && <> · deputies asked on {timeText(request.escalatedAt)}</>}
        {request.withdrawnBy !== undefined && (
          <>
            {" "}
            · withdrawn by {oneLine(request.withdrawnBy.slice(request.withdrawnBy.lastIndexOf("/") + 1), 60)}
          </>
        )}
      </p>
      <ul class="asked">
        {asked.map((one) => (
          <AskedPerson asked={one} isOpen={status === "open"} />
        ))}
      </ul>
      {status === "open" && deputies.length > 0 && request.escalatedAt === undefined && (
        <p class="small">
          Asked too if nobody decides in time: {deputies.map(({ name }) => name).join(", ")}.
        </p>
      )}
      <div class="answers">
        {status === "open" && (
          <>
            <ActLink act="remind" members={{ requestId }} identity={identity} text="Remind" about={about} />
            <ActLink
              act="withdraw"
              members={{ requestId }}
              identity={identity}
              text="Withdraw"
              about={about}
            />
          </>
        )}
        {!isOwnPage && (
          <a href={requestPath(requestId)}>
            Details<span class="visually-hidden"> {about}</span>
          </a>
        )}
        {execution !== undefined && (
          <a href={execution}>
            The execution that waits<span class="visually-hidden"> for the answer {about}</span>
          </a>
        )}
      </div>
    </section>
  );
}

function EndMark({ request, now }: { request: RequestView; now: Date }): JSX.Element {
  const { status, expiresAt, endedAt, secondsLeft } = request;
  if (status !== "open") {
    const tone: Tone = status === "approved" ? "good" : status === "rejected" ? "bad" : "warn";
    return (
      <span>
        <Mark tone={tone} word={status} />
        {endedAt !== undefined && (
          <span class="small">
            {" "}
            on <Time at={endedAt} />
          </span>
        )}
      </span>
    );
  }
  const isShort = secondsLeft < 86_400;
  return secondsLeft === 0 ? (
    <Mark tone="bad" word="its time is over" />
  ) : (
    <span class={isShort ? "time-left short" : "time-left"}>{timeLeft(expiresAt, now)} left</span>
  );
}

function AskedPerson({
  asked: { approverId, name, roles, deputy, vote, mails },
  isOpen,
}: {
  asked: Asked;
  isOpen: boolean;
}): JSX.Element {
  const failed = mails.filter(({ failedAt }) => failedAt !== undefined);
  const reminders = mails.filter(({ kind, sentAt }) => kind === "reminder" && sentAt !== undefined);
  const question = mails.find(({ kind, sentAt }) => kind === "question" && sentAt !== undefined);
  return (
    <li data-key={approverId}>
      <p>
        <strong>{name}</strong>{" "}
        <span class="small">
          {deputy ? "deputy, " : ""}
          {roles.join(", ")}
        </span>
      </p>
      <p>
        {vote === undefined ? (
          <Mark tone="plain" word={isOpen ? "has not answered" : "did not answer"} hollow />
        ) : (
          <>
            <Mark tone={vote.approve ? "good" : "bad"} word={vote.approve ? "approved" : "rejected"} />{" "}
            <span class="small">
              on <Time at={vote.at} />
            </span>
          </>
        )}
      </p>
      {vote !== undefined && vote.comment !== "" && (
        <blockquote class="text">{manyLines(vote.comment)}</blockquote>
      )}
      <p class="small">
        {question?.sentAt === undefined
          ? "No mail has gone out yet"
          : `Asked on ${timeText(question.sentAt)}`}
        {reminders.length > 0 &&
          `, reminded ${reminders.length === 1 ? "once" : `${reminders.length} times`}`}
      </p>
      {failed.length > 0 && (
        <p>
          <Mark
            tone="bad"
            word={
              failed.length === 1 ? "a mail could not be sent" : `${failed.length} mails could not be sent`
            }
          />
        </p>
      )}
    </li>
  );
}
