import {
  AcceptResourceShareInvitationCommand,
  CreateResourceShareCommand,
  GetResourceShareInvitationsCommand,
  RejectResourceShareInvitationCommand,
} from "@aws-sdk/client-ram";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createReaderRoles } from "../../../functions/aws/iam.ts";
import { createInvitations } from "../../../functions/aws/invitations.ts";
import type { Settings } from "../../../functions/lifecycle/settings.ts";
import type { LocalCloud } from "../../../local/cloud.ts";
import { stageAccountRoles } from "../../../stacks/definitions/stage-account.ts";
import {
  card,
  conditional,
  decisionOf,
  dev,
  owner,
  prod,
  settingsWith,
} from "../../stacks/definitions/example-settings.ts";
import { createTestCloud } from "../../workflow/test-cloud.ts";

type Handler = LocalCloud["requestHandler"];
type Request = Parameters<Handler["handle"]>[0];
type Answer = ReturnType<Handler["handle"]>;

/** ConfirmAccess's own runtime, whose calls a test sees and can answer; and an invitation of dev's to a share of Cardway's. */
async function startOutside(
  intercept: (request: Request, forward: Handler["handle"]) => Answer,
  settings?: Settings,
) {
  const test = createTestCloud({
    settings: settingsWith({ shareOutsideOrganization: true }),
    organizationAccountIds: [owner],
    // Shorter than a session of the accepter, which AWS's twelve hours are not.
    ramBehaviour: { invitationExpiryMs: 60_000 },
  });
  const { resourceShare } = await test.ram(owner).send(
    new CreateResourceShareCommand({
      name: "cardway-default-dev-read-write",
      principals: [dev],
      allowExternalPrincipals: true,
    }),
  );
  const forward: Handler["handle"] = (request) => test.cloud.requestHandler.handle(request);
  const ownRuntime = test.cloud.functionRuntime("confirm-access", "us-east-1");
  const runtime = {
    ...ownRuntime,
    settings: settings ?? ownRuntime.settings,
    requestHandler: {
      ...test.cloud.requestHandler,
      handle: (request: Request) => intercept(request, forward),
    },
  };
  const received = await test.ram(dev).send(new GetResourceShareInvitationsCommand({}));
  const [{ resourceShareInvitationArn = "" } = {}] = received.resourceShareInvitations ?? [];
  return {
    test,
    runtime,
    resourceShareArn: resourceShare?.resourceShareArn ?? "",
    resourceShareInvitationArn,
  };
}

function textOf({ body }: Request): string {
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body);
}

describe("accepting invitations", () => {
  const namesNoOther = () => Promise.resolve();

  it("goes on behind a page that is empty", async () => {
    const tokens: unknown[] = [];
    const { runtime, resourceShareArn } = await startOutside(async (request, forward) => {
      if (request.path !== "/getresourceshareinvitations") return forward(request);
      const { nextToken, ...body } = z
        .looseObject({ nextToken: z.string().optional() })
        .parse(JSON.parse(textOf(request)));
      tokens.push(nextToken);
      if (nextToken !== undefined) return forward(Object.assign(request, { body: JSON.stringify(body) }));
      const empty = JSON.stringify({ resourceShareInvitations: [], nextToken: "more" });
      return {
        response: {
          statusCode: 200,
          headers: { "content-type": "application/json" },
          body: Buffer.from(empty),
        },
      };
    });

    expect(await createInvitations(runtime).accept(dev, resourceShareArn, namesNoOther)).toBe("accepted");
    expect(tokens).toStrictEqual([undefined, "more"]);
  });

  it.each([
    ["accepted", "accepted", AcceptResourceShareInvitationCommand],
    ["rejected", "nothing-open", RejectResourceShareInvitationCommand],
  ] as const)("takes one that somebody has %s meanwhile as %s", async (_answer, outcome, Command) => {
    const answerFirst: (() => Promise<unknown>)[] = [];
    const { test, runtime, resourceShareArn, resourceShareInvitationArn } = await startOutside(
      async (request, forward) => {
        if (request.path === "/acceptresourceshareinvitation") await answerFirst.pop()?.();
        return forward(request);
      },
    );
    answerFirst.push(() => test.ram(dev).send(new Command({ resourceShareInvitationArn })));

    expect(await createInvitations(runtime).accept(dev, resourceShareArn, namesNoOther)).toBe(outcome);
    expect(answerFirst).toStrictEqual([]);
  });

  it("takes one that ends in the same moment as nothing", async () => {
    const { test, runtime, resourceShareArn } = await startOutside(async (request, forward) => {
      if (request.path === "/acceptresourceshareinvitation") await test.clock.advance(120_000);
      return forward(request);
    });

    expect(await createInvitations(runtime).accept(dev, resourceShareArn, namesNoOther)).toBe("nothing-open");
  });

  it("needs the account's leave", async () => {
    const { runtime, resourceShareArn } = await startOutside((request, forward) => forward(request));

    expect(await createInvitations(runtime).accept("555555555555", resourceShareArn, namesNoOther)).toBe(
      "no-accepter",
    );
  });
});

describe("asking what a reader may do", () => {
  it("tells the simulator what the settings ask of a reader's calls", async () => {
    const asked: URLSearchParams[] = [];
    const { runtime } = await startOutside((request, forward) => {
      const form = new URLSearchParams(textOf(request));
      if (form.get("Action") === "SimulatePrincipalPolicy") asked.push(form);
      return forward(request);
    }, conditional);

    expect(await createReaderRoles(runtime).permissionsOf(prod, card)).toStrictEqual({
      mayRead: true,
      deniesUpdate: true,
    });
    const [form] = asked;
    const context = Object.fromEntries(
      [1, 2, 3, 4, 5].flatMap((index) => {
        const entry = `ContextEntries.member.${index}`;
        const key = form?.get(`${entry}.ContextKeyName`);
        return typeof key === "string" ? [[key, form?.get(`${entry}.ContextKeyValues.member.1`) ?? ""]] : [];
      }),
    );
    const reader = stageAccountRoles(prod, conditional).find(
      ({ roleName }) => roleName === "cardway-card-reader",
    );
    if (reader === undefined) throw new TypeError("there is no reader");
    expect(decisionOf(reader.policy, "sagemaker:DescribeModelCard", card, context)).toBe("allowed");
    expect(decisionOf(reader.policy, "sagemaker:DescribeModelCard", card)).toBe("implicitDeny");
  });
});
