import {
  IAMClient,
  paginateSimulatePrincipalPolicy,
  SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import type { SimulatePrincipalPolicyCommandInput } from "@aws-sdk/client-iam";
import { describe, expect, it } from "vitest";
import {
  allow,
  cardAccount,
  collect,
  deny,
  documentOf,
  errorOf,
  localIdentity,
  prodAccount,
  promoterArn,
  readerArn,
  roleOf,
  trusting,
  trustingLambda,
} from "./local-identity.ts";

const ownCard = `arn:aws:sagemaker:eu-central-1:${prodAccount}:model-card/churn`;
const sharedCard = `arn:aws:sagemaker:eu-central-1:${cardAccount}:model-card/churn`;
const inIreland = {
  ...allow("sagemaker:Search"),
  Condition: { StringEquals: { "aws:RequestedRegion": "eu-west-1" } },
};

function simulator(options: Parameters<typeof localIdentity>[0] = {}) {
  const local = localIdentity(options);
  local.identity.putRole(
    roleOf(
      readerArn,
      trusting(cardAccount),
      allow("sagemaker:Describe*"),
      deny("sagemaker:UpdateModelCard"),
      inIreland,
    ),
  );
  const iam = new IAMClient(local.clientOf({ accessKeyId: prodAccount }));
  const simulate = (input: Partial<SimulatePrincipalPolicyCommandInput>) =>
    iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: readerArn,
        ActionNames: ["sagemaker:DescribeModelCard"],
        ...input,
      }),
    );
  const decisionsOf = async (input: Partial<SimulatePrincipalPolicyCommandInput>) =>
    ((await simulate(input)).EvaluationResults ?? []).map(({ EvalDecision }) => EvalDecision);
  return { ...local, iam, simulate, decisionsOf };
}

describe("SimulatePrincipalPolicy", () => {
  it("answers for one action on one resource as AWS does", async () => {
    const { simulate } = simulator();
    const MatchedStatements = [
      {
        SourcePolicyId: "role_cardway-card-reader_main",
        SourcePolicyType: "IAM Policy",
        StartPosition: { Line: 1, Column: 38 },
        EndPosition: { Line: 1, Column: 102 },
      },
    ];

    const answer = await simulate({ ResourceArns: [ownCard] });

    expect(answer.IsTruncated).toBe(false);
    expect(answer.EvaluationResults).toStrictEqual([
      {
        EvalActionName: "sagemaker:DescribeModelCard",
        EvalResourceName: ownCard,
        EvalDecision: "allowed",
        MatchedStatements,
        MissingContextValues: [],
        EvalDecisionDetails: {},
        ResourceSpecificResults: [
          { EvalResourceName: ownCard, EvalResourceDecision: "allowed", MatchedStatements },
        ],
      },
    ]);
  });

  it("points at the statement that decided, in the text that GetRolePolicy gives", async () => {
    const { simulate } = simulator();
    const statements = [allow("sagemaker:Describe*"), deny("sagemaker:UpdateModelCard"), inIreland];
    const text = JSON.stringify(documentOf(...statements));

    const { EvaluationResults } = await simulate({
      ActionNames: ["sagemaker:DescribeModelCard", "sagemaker:UpdateModelCard"],
    });

    const places = (EvaluationResults ?? []).map(({ MatchedStatements }) => {
      const [statement] = MatchedStatements ?? [];
      return text.slice(
        (statement?.StartPosition?.Column ?? 0) - 1,
        (statement?.EndPosition?.Column ?? 0) - 1,
      );
    });
    expect(places).toStrictEqual([JSON.stringify(statements[0]), JSON.stringify(statements[1])]);
  });

  it("answers for all resources where none is given", async () => {
    const { simulate } = simulator();

    const { EvaluationResults } = await simulate({ ActionNames: ["ram:GetResourceShares"] });

    expect(EvaluationResults).toStrictEqual([
      {
        EvalActionName: "ram:GetResourceShares",
        EvalResourceName: "*",
        EvalDecision: "implicitDeny",
        MatchedStatements: [],
        MissingContextValues: [],
      },
    ]);
  });

  it("combines every action with every resource", async () => {
    const { simulate } = simulator();

    const { EvaluationResults } = await simulate({
      ActionNames: ["sagemaker:DescribeModelCard", "sagemaker:UpdateModelCard"],
      ResourceArns: [ownCard, "*"],
    });

    expect(EvaluationResults?.map((result) => [result.EvalResourceName, result.EvalDecision])).toStrictEqual([
      [ownCard, "allowed"],
      ["*", "allowed"],
      [ownCard, "explicitDeny"],
      ["*", "explicitDeny"],
    ]);
  });

  it("knows only the context that it is given, and names what is missing", async () => {
    const { simulate, decisionsOf } = simulator();
    const ActionNames = ["sagemaker:Search"];
    const region = (value: string) => [
      { ContextKeyName: "aws:RequestedRegion", ContextKeyValues: [value], ContextKeyType: "string" as const },
    ];

    const unknown = await simulate({ ActionNames });
    const unknownOnCard = await simulate({ ActionNames, ResourceArns: [ownCard] });
    const ireland = await decisionsOf({ ActionNames, ContextEntries: region("eu-west-1") });
    const frankfurt = await decisionsOf({ ActionNames, ContextEntries: region("eu-central-1") });

    expect(unknown.EvaluationResults?.[0]).toMatchObject({
      EvalDecision: "implicitDeny",
      MissingContextValues: ["aws:RequestedRegion"],
    });
    expect(unknownOnCard.EvaluationResults?.[0]).toMatchObject({
      MissingContextValues: [],
      ResourceSpecificResults: [{ MissingContextValues: ["aws:RequestedRegion"] }],
    });
    expect([ireland, frankfurt]).toStrictEqual([["allowed"], ["implicitDeny"]]);
  });

  it("shows what a permissions boundary does", async () => {
    const { identity, simulate } = simulator();
    const role = roleOf(readerArn, trusting(cardAccount), allow("*"));
    identity.putRole({
      ...role,
      boundary: documentOf(allow("sagemaker:*"), deny("sagemaker:UpdateModelCard")),
    });

    const { EvaluationResults } = await simulate({
      ActionNames: ["sagemaker:DescribeModelCard", "ram:GetResourceShares", "sagemaker:UpdateModelCard"],
    });

    expect(
      EvaluationResults?.map((result) => [
        result.EvalDecision,
        result.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary,
        result.MatchedStatements?.map(({ SourcePolicyType }) => SourcePolicyType),
      ]),
    ).toStrictEqual([
      ["allowed", true, ["IAM Policy"]],
      ["implicitDeny", false, []],
      ["explicitDeny", false, ["Permissions Boundary Policy"]],
    ]);
  });

  it("adds policies and another boundary for the simulation only", async () => {
    const { simulate, decisionsOf } = simulator();
    const more = JSON.stringify(documentOf(allow("ram:*")));
    const ActionNames = ["ram:GetResourceShares"];

    const added = await simulate({ ActionNames, PolicyInputList: [more] });
    const bounded = await decisionsOf({ PermissionsBoundaryPolicyInputList: [more] });
    const after = await decisionsOf({ ActionNames });

    expect(added.EvaluationResults?.[0]).toMatchObject({
      EvalDecision: "allowed",
      MatchedStatements: [{ SourcePolicyId: "PolicyInputList.1" }],
    });
    expect(bounded).toStrictEqual(["implicitDeny"]);
    expect(after).toStrictEqual(["implicitDeny"]);
  });

  it("judges another account's resource by the identity policies, or denies it, as the endpoint is told", async () => {
    const question = {
      ActionNames: ["sagemaker:DescribeModelCard", "sagemaker:UpdateModelCard"],
      ResourceArns: [sharedCard],
    };

    const byIdentity = await simulator().simulate(question);
    const denied = await simulator({ crossAccountSimulation: "denied-without-resource-policy" }).simulate(
      question,
    );

    expect(byIdentity.EvaluationResults?.map(({ EvalDecision }) => EvalDecision)).toStrictEqual([
      "allowed",
      "explicitDeny",
    ]);
    expect(
      denied.EvaluationResults?.map((result) => [result.EvalDecision, result.EvalDecisionDetails]),
    ).toStrictEqual([
      ["implicitDeny", { "IAM Policy": "allowed", "Resource Policy": "implicitDeny" }],
      ["explicitDeny", { "IAM Policy": "explicitDeny", "Resource Policy": "implicitDeny" }],
    ]);
  });

  it("comes in pages", async () => {
    const { iam } = simulator();
    const ActionNames = ["a:One", "a:Two", "a:Three", "a:Four", "a:Five"];

    const pages = await collect(
      paginateSimulatePrincipalPolicy(
        { client: iam, pageSize: 2 },
        { PolicySourceArn: readerArn, ActionNames },
      ),
    );

    expect(
      pages.map(({ EvaluationResults }) => EvaluationResults?.map(({ EvalActionName }) => EvalActionName)),
    ).toStrictEqual([["a:One", "a:Two"], ["a:Three", "a:Four"], ["a:Five"]]);
  });

  it("simulates the account's administrator", async () => {
    const { simulate } = simulator();

    const { EvaluationResults } = await simulate({
      PolicySourceArn: `arn:aws:iam::${prodAccount}:user/administrator`,
      CallerArn: `arn:aws:iam::${prodAccount}:user/administrator`,
    });

    expect(EvaluationResults?.[0]).toMatchObject({
      EvalDecision: "allowed",
      MatchedStatements: [{ SourcePolicyId: "AdministratorAccess" }],
    });
  });

  it.each([
    [
      { PolicySourceArn: `arn:aws:iam::${prodAccount}:role/path/nobody` },
      { name: "NoSuchEntityException", message: "The role with name nobody cannot be found.", status: 404 },
    ],
    [
      { PolicySourceArn: `arn:aws:iam::${prodAccount}:user/nobody` },
      { name: "NoSuchEntityException", message: "The user with name nobody cannot be found.", status: 404 },
    ],
    [
      { PolicySourceArn: `arn:aws:sts::${prodAccount}:assumed-role/cardway-card-reader/one` },
      {
        name: "InvalidInputException",
        message: `Invalid Entity Arn: arn:aws:sts::${prodAccount}:assumed-role/cardway-card-reader/one does not clearly define entity type and name.`,
        status: 400,
      },
    ],
    [
      { PolicySourceArn: promoterArn },
      {
        name: "InvalidInputException",
        message: `Invalid Policy Source Arn: caller's account ${prodAccount} does not have access to policies in account ${cardAccount}`,
        status: 400,
      },
    ],
    [
      { CallerArn: readerArn },
      {
        name: "InvalidInputException",
        message: `Invalid Caller Arn: ${readerArn} is not the ARN of a user.`,
        status: 400,
      },
    ],
    [
      { ResourcePolicy: "{}" },
      {
        name: "ValidationError",
        message:
          "1 validation error detected: Value at 'resourcePolicy' failed to satisfy constraint: Member is not modelled by the local endpoint",
        status: 400,
      },
    ],
  ])("refuses %j", async (input, expected) => {
    const { simulate } = simulator();

    expect(await errorOf(simulate(input))).toStrictEqual(expected);
  });

  it("needs iam:SimulatePrincipalPolicy on the principal that is asked about", async () => {
    const { identity, clientOf } = simulator();
    const checkerArn = `arn:aws:iam::${prodAccount}:role/checker`;
    const ask = async (resource: string) => {
      identity.putRole(roleOf(checkerArn, trustingLambda, allow("iam:SimulatePrincipalPolicy", resource)));
      const iam = new IAMClient(clientOf(identity.credentialsOf(checkerArn, "check")));
      const ActionNames = ["sagemaker:UpdateModelCard"];
      return iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: readerArn, ActionNames }));
    };

    const answer = await ask(readerArn);
    const error = await errorOf(ask(checkerArn));

    expect(answer.EvaluationResults?.[0]?.EvalDecision).toBe("explicitDeny");
    expect(error).toMatchObject({ name: "AccessDenied", status: 403 });
    expect(error.message).toContain(
      `iam:SimulatePrincipalPolicy on resource: ${readerArn} because no identity-based`,
    );
  });
});
