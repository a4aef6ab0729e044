import { describe, expect, it } from "vitest";
import { createSessions } from "../../../local/identity/sessions.ts";
import { testContext } from "../sdk-request-handler.ts";

describe("createSessions", () => {
  it("issues credentials in AWS's form that differ from session to session", () => {
    const sessions = createSessions(testContext());

    const one = sessions.issue({ roleArn: "r", sessionName: "one" });
    const two = sessions.issue({ roleArn: "r", sessionName: "one" });

    expect(one).toStrictEqual({
      roleArn: "r",
      sessionName: "one",
      accessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      secretAccessKey: expect.stringMatching(/^[\w+/]{40}$/),
      sessionToken: expect.stringMatching(/^[\w+/=]{100,}$/),
    });
    expect(new Set([...Object.values(one), ...Object.values(two)]).size).toBe(8);
  });

  it("forgets sessions a day after their end, and keeps those without one", async () => {
    const context = testContext();
    const sessions = createSessions(context);
    const lasting = sessions.issue({ roleArn: "r", sessionName: "lambda" });
    const ended = Array.from({ length: 1500 }, () =>
      sessions.issue({ roleArn: "r", sessionName: "cli", expiresAt: context.clock.now() }),
    );

    await context.clock.advance(25 * 3600 * 1000);
    for (let issued = 0; issued < 1500; issued += 1) {
      sessions.issue({
        roleArn: "r",
        sessionName: "cli",
        expiresAt: new Date(context.clock.now().getTime() + 1),
      });
    }

    expect(ended.filter(({ accessKeyId }) => sessions.find(accessKeyId) !== undefined)).toStrictEqual([]);
    expect(sessions.find(lasting.accessKeyId)).toBe(lasting);
  });
});
