/** A fault that was put into the code on purpose: the simulation has to find it, or it proves nothing. */
export interface Mutation {
  name: string;
  /** The invariant that it breaks. */
  invariant: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  /** What is wrong, as a sentence. */
  fault: string;
  /** The seed to begin with: with the code as it is, soon before the first that finds it. */
  from: number;
  /** From the repository's root. */
  file: string;
  /** Stands in the file exactly once. */
  find: string;
  replace: string;
}

export const mutations: readonly Mutation[] = [
  {
    name: "moved-card-left",
    from: 1,
    invariant: 1,
    fault: "An execution lets a card go although somebody saw it change meanwhile.",
    file: "functions/records/card-record.ts",
    find: "if (record.lookAgain || untold || !sameState(reading.card, card)) return",
    replace: "if (untold) return",
  },
  {
    name: "lost-event-unseen",
    from: 1,
    invariant: 7,
    fault: "The sweep does not see that a card has changed and nobody dealt with it.",
    file: "functions/lifecycle/card-comparison.ts",
    find: 'if (settled === undefined) found.push("not-settled");',
    replace: "if (settled === undefined) found.push();",
  },
  {
    name: "account-as-reader",
    from: 1,
    invariant: 2,
    fault: "A read-only share names the account instead of its reader role.",
    file: "functions/lifecycle/read-only.ts",
    find: 'if (audience.access === "read-only") return [readerRoleArn(audience.accountId)];',
    replace: 'if (audience.access === "read-only") return [audience.accountId];',
  },
  {
    name: "foreign-update-left",
    from: 1,
    invariant: 2,
    fault: "What production wrote in a card is announced and not set back.",
    file: "functions/revert-update/revert-update.ts",
    find: "const isNothing = !revert.content && revert.status === null;",
    replace: "const isNothing = revert.content || revert.status === null;",
  },
  {
    name: "wide-reader-left",
    from: 1,
    invariant: 2,
    fault: "A reader role that may read counts as one that cannot update.",
    file: "functions/aws/iam.ts",
    find: "if (!deniesUpdate) return",
    replace: "if (!deniesUpdate && !mayRead) return",
  },
  {
    name: "no-re-read-before-status",
    from: 1,
    invariant: 3,
    fault:
      "ApplyDecision sets the decided status without looking whether the card still is what was reviewed.",
    file: "functions/apply-decision/apply-decision.ts",
    find: "if (!isAbout(request, before)) {",
    replace: 'if (before.status === "Deleted") {',
  },
  {
    name: "ended-request-ends-again",
    from: 1,
    invariant: 4,
    fault: "Closing a request that a card has left behind overwrites how it had ended.",
    file: "functions/records/approval-request.ts",
    find: 'return request.status === "open" ? { ...request, status, endedAt: now.toISOString() } : request;',
    replace: "return { ...request, status, endedAt: now.toISOString() };",
  },
  {
    name: "look-writes",
    from: 1,
    invariant: 5,
    fault: "Opening a link is noted on the request.",
    file: "functions/approval-page/approval-page.ts",
    find: "return opened === undefined ? undefined : viewOf(opened.request, opened.approver, dependencies);",
    replace: `if (opened === undefined) return undefined;
  await dependencies.records.changeRequest(link.requestId, (found) => ({ record: { ...found }, result: undefined }));
  return viewOf(opened.request, opened.approver, dependencies);`,
  },
  {
    name: "own-card-decided",
    from: 430,
    invariant: 6,
    fault: "Whoever edited a card may decide about it.",
    file: "functions/lifecycle/approvers.ts",
    find: "return answersFor(approver, card) && !isOwnCard(approver, card);",
    replace: "return answersFor(approver, card);",
  },
  {
    name: "claim-before-effect",
    from: 1,
    invariant: 7,
    fault: "Access counts as announced before the effects that announce it are on record.",
    file: "functions/records/announce-access.ts",
    find: "return { record: result ?? record, result };",
    replace: "return { record: result === undefined ? record : withAnnouncementMade(result), result };",
  },
];
