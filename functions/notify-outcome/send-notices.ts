import { NotificationFailed } from "../../events/notification-failed.ts";
import type { Email, EmailSender } from "../aws/email.ts";
import type { Events } from "../aws/event-bridge.ts";
import { NotificationFailedError } from "../errors.ts";
import type { Person } from "../lifecycle/people.ts";
import type { Settings } from "../lifecycle/settings.ts";
import { type ApprovalRequest, voteOf } from "../records/approval-request.ts";
import { effectOf, recordEffects } from "../records/effects.ts";
import {
  type Notice,
  mailAttempts,
  markedMissed,
  markedSent,
  unsent,
  withoutNotice,
} from "../records/notice.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";

/** What it takes to send mails about a request and to announce that one failed. */
export interface NoticeDependencies {
  records: PromotionRecords;
  events: Events;
  emails: EmailSender;
  settings: Settings;
  now: () => Date;
}

/**
 * Sends the mails of a request that are still to be sent, each noted down as soon as it is taken. One that fails does not
 * keep the others from theirs. Who is in the settings no more is told nothing, and who has voted is not asked again.
 *
 * @param request - As it was read last.
 * @throws {NotificationFailedError} mails could not be sent and are worth another try (transient). One that has failed for
 *   the last time is announced as `NotificationFailed` instead.
 */
export async function sendNotices(
  request: ApprovalRequest,
  kinds: Notice["kind"][],
  executionArn: string,
  dependencies: NoticeDependencies,
  emailFor: (notice: Notice, person: Person) => Promise<Email>,
): Promise<void> {
  const { records, emails, settings, now } = dependencies;
  const people: Person[] = [...settings.approvers, ...settings.authors];
  const failures: NotificationFailedError[] = [];
  const change = (apply: (notices: Notice[]) => Notice[]): Promise<void> =>
    records.changeRequest(request.requestId, (found) => ({
      record: { ...found, notices: apply(found.notices) },
      result: undefined,
    }));

  for (const notice of unsent(request.notices).filter(({ kind }) => kinds.includes(kind))) {
    const person = people.find(({ id }) => id === notice.recipientId);
    const answered = notice.kind !== "outcome" && voteOf(request, notice.recipientId) !== undefined;
    if (person === undefined || answered) {
      await change((notices) => withoutNotice(notices, notice));
      continue;
    }
    const email = await emailFor(notice, person);
    try {
      await emails.send(person, email);
    } catch (error) {
      if (!(error instanceof NotificationFailedError)) throw error;
      if (notice.attempts + 1 < mailAttempts) failures.push(error);
      // Announced first: a mail that is given up is never given up in silence.
      else await announceFailure(request, notice, error.message, executionArn, dependencies);
      await change((notices) => markedMissed(notices, notice, now()));
      continue;
    }
    await change((notices) => markedSent(notices, notice, now()));
  }
  if (failures.length > 0) {
    throw new NotificationFailedError(failures.map(({ message }) => message).join(" "));
  }
}

/** Announces that somebody was not told; `recipientId` is absent where the settings name nobody. */
export async function announceFailure(
  { requestId, card, policyVersion }: ApprovalRequest,
  { kind, round, recipientId }: Pick<Notice, "kind" | "round"> & { recipientId?: string },
  message: string,
  executionArn: string,
  { records, events, now }: Pick<NoticeDependencies, "records" | "events" | "now">,
): Promise<void> {
  const context = { executionArn, policyVersion, card, now: now() };
  const members = { requestId, kind, ...(recipientId !== undefined && { recipientId }), message };
  const identity = [NotificationFailed.detailType, requestId, kind, String(round), recipientId ?? ""];
  await recordEffects([effectOf(NotificationFailed, context, requestId, members, identity)], {
    records,
    events,
  });
}
