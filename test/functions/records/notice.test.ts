import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Notice,
  mailAttempts,
  markedMissed,
  markedSent,
  unreached,
  unsent,
  withNotices,
  withoutNotice,
} from "../../../functions/records/notice.ts";

const now = new Date("2026-01-02T00:00:00.000Z");
const asked = withNotices([], { kind: "question" }, ["one", "two"]);
const [first, second] = asked;

function missed(notices: Notice[], notice: Notice | undefined, times: number): Notice[] {
  return Array.from({ length: times }).reduce<Notice[]>(
    (list) => (notice === undefined ? list : markedMissed(list, notice, now)),
    notices,
  );
}

describe("the mails about a request", () => {
  it("are put down once for each recipient, however often", () => {
    expect(withNotices(asked, { kind: "question" }, ["two", "one"])).toBe(asked);
    expect(withNotices(asked, { kind: "reminder", round: 1 }, ["one"])).toHaveLength(3);
  });

  it("are sent once", () => {
    const sent = first === undefined ? [] : markedSent(asked, first, now);

    expect(unsent(sent)).toStrictEqual([second]);
  });

  it("are given up after the last attempt, and not before", () => {
    expect(unsent(missed(asked, first, mailAttempts - 1))).toHaveLength(2);
    expect(unsent(missed(asked, first, mailAttempts))).toStrictEqual([second]);
  });

  it("show who was never reached, until a reminder reaches them", () => {
    const failed = missed(asked, first, mailAttempts);
    const reminded = withNotices(failed, { kind: "reminder", round: 1 }, ["one"]);
    const reached = reminded.flatMap((notice) => (notice.kind === "reminder" ? [notice] : []));

    expect(unreached(failed)).toStrictEqual(["one"]);
    expect(unreached(reminded)).toStrictEqual(["one"]);
    expect(unreached(reached[0] === undefined ? [] : markedSent(reminded, reached[0], now))).toStrictEqual(
      [],
    );
  });

  it("are each sent, given up or still to be sent, whatever happens to them", () => {
    const step = fc.tuple(fc.constantFrom("sent", "missed", "gone"), fc.nat(1));
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        let notices = asked;
        for (const [kind, index] of steps) {
          const notice = asked[index];
          if (notice === undefined) continue;
          if (kind === "sent") notices = markedSent(notices, notice, now);
          else if (kind === "missed") notices = markedMissed(notices, notice, now);
          else notices = withoutNotice(notices, notice);
        }
        for (const notice of notices) {
          const ends = [notice.sentAt, notice.failedAt].filter((end) => end !== undefined);
          expect(unsent(notices).includes(notice)).toBe(ends.length === 0);
          expect(notice.failedAt !== undefined).toBe(notice.attempts >= mailAttempts);
        }
      }),
    );
  });
});
