import * as z from "zod";

/**
 * A mail about an approval request that one person is to get. `question` carries the link; so does a `reminder`. `round`
 * counts reminders from 1 and is 0 for the other kinds.
 */
export const NoticeSchema = z.object({
  kind: z.enum(["question", "reminder", "outcome"]),
  round: z.int().min(0),
  recipientId: z.string(),
  /** How often the mail could not be sent. */
  attempts: z.int().min(0),
  sentAt: z.iso.datetime().optional(),
  /** When it was given up; the next reminder tries anew. */
  failedAt: z.iso.datetime().optional(),
});

export type Notice = z.output<typeof NoticeSchema>;

/** How often a mail is tried. The workflow's retries of `NotificationFailedError` are one fewer. */
export const mailAttempts = 4;

/** Adds a notice for each recipient who has none of this kind and round yet. */
export function withNotices(
  notices: Notice[],
  { kind, round = 0 }: { kind: Notice["kind"]; round?: number },
  recipientIds: string[],
): Notice[] {
  const missing = recipientIds.filter(
    (recipientId) => !notices.some((notice) => isSame(notice, { kind, round, recipientId })),
  );
  return missing.length === 0
    ? notices
    : [...notices, ...missing.map((recipientId) => ({ kind, round, recipientId, attempts: 0 }))];
}

/** The mails that are still to be sent. */
export function unsent(notices: Notice[]): Notice[] {
  return notices.filter(({ sentAt, failedAt }) => sentAt === undefined && failedAt === undefined);
}

export function markedSent(notices: Notice[], notice: Notice, now: Date): Notice[] {
  return changed(notices, notice, (found) => ({ ...found, sentAt: now.toISOString() }));
}

/** Counts a failed attempt; after the last one the mail is given up. */
export function markedMissed(notices: Notice[], notice: Notice, now: Date): Notice[] {
  return changed(notices, notice, (found) => {
    const attempts = found.attempts + 1;
    return { ...found, attempts, ...(attempts >= mailAttempts && { failedAt: now.toISOString() }) };
  });
}

/** Takes a mail off the list whose recipient is nobody to be told any more. */
export function withoutNotice(notices: Notice[], notice: Notice): Notice[] {
  return notices.filter((other) => !isSame(other, notice));
}

/** Who could not be told of the request itself, and was not reached by a reminder either. */
export function unreached(notices: Notice[]): string[] {
  const links = notices.filter(({ kind }) => kind !== "outcome");
  const reached = new Set(links.flatMap(({ sentAt, recipientId }) => (sentAt ? [recipientId] : [])));
  return [...new Set(links.flatMap(({ failedAt, recipientId }) => (failedAt ? [recipientId] : [])))].filter(
    (recipientId) => !reached.has(recipientId),
  );
}

function changed(notices: Notice[], notice: Notice, change: (found: Notice) => Notice): Notice[] {
  return notices.map((other) =>
    isSame(other, notice) && other.sentAt === undefined ? change(other) : other,
  );
}

function isSame(one: Pick<Notice, "kind" | "round" | "recipientId">, other: typeof one): boolean {
  return one.kind === other.kind && one.round === other.round && one.recipientId === other.recipientId;
}
