import { DeleteRolePolicyCommand, GetRolePolicyCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { GetQueueUrlCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { noCard } from "../../../functions/records/effects.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";
import { ModelCardCallViaCloudTrail } from "../../../events/model-card-call-via-cloudtrail.ts";
import { SageMakerModelCardStateChange } from "../../../events/sagemaker-model-card-state-change.ts";
import { accounts, createTestCloud, region } from "../../workflow/test-cloud.ts";
import { detailsOf } from "../../workflow/reviews.ts";
import { cardway } from "../cardway-world.ts";
import { operatorCredentials } from "../operator-credentials.ts";

export const stateChanges = "cardway-model-card-state-change";
export const calls = "cardway-model-card-call";
export const sweeps = "cardway-sweep";

type TestCloud = ReturnType<typeof createTestCloud>;
type RequestHandler = TestCloud["cloud"]["requestHandler"];

/** The whole system, and the command as an operator runs it, with no more than the operator's role. */
export async function createDeadLetterWorld() {
  const test = createTestCloud();
  const { requestHandler } = test.cloud;
  const administrator = {
    endpoint: "http://aws.test",
    region,
    requestHandler,
    credentials: { accessKeyId: accounts.owner, secretAccessKey: "any" },
  };
  const credentials = await operatorCredentials(administrator);
  const refused = new Map<string, (times: number) => boolean>();

  return {
    test,

    /** Runs the command; `answer` is what the person says who is asked. */
    async run(args: string[] = [], answer?: "y" | "n") {
      const { code, stdout, stderr } = await cardway(test, ["dead-letters", ...args], {
        credentials,
        settings: lifecycleSettings,
        requestHandler: refusing(requestHandler, refused),
        ...(answer && { answer }),
      });
      return { code, output: stdout, stderr };
    },

    /** What operators did with dead letters, as it is on record. */
    acts: () => detailsOf(test, noCard, "OperatorActed"),

    /** Lets AWS refuse an operation to the command, told how often it was called before. */
    refuse(operation: string, when: (times: number) => boolean = () => true): { restore(): void } {
      refused.set(operation, when);
      return { restore: () => refused.delete(operation) };
    },

    /** Puts a message into a rule's queue as EventBridge does. */
    async bury(ruleName: string, body: unknown, attributes: Record<string, string> = {}): Promise<string> {
      const { QueueUrl } = await test.sqs.send(
        new GetQueueUrlCommand({ QueueName: `${ruleName}-dead-letters` }),
      );
      const { MessageId } = await test.sqs.send(
        new SendMessageCommand({
          QueueUrl,
          MessageBody: typeof body === "string" ? body : JSON.stringify(body),
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, StringValue]) => [
              name,
              { DataType: "String", StringValue },
            ]),
          ),
        }),
      );
      return MessageId ?? "";
    },

    /** Takes the permission of a rule away to start anything. */
    async breakRule(ruleName: string): Promise<{ repair(): Promise<void> }> {
      const name = { RoleName: `${ruleName}-rule`, PolicyName: `${ruleName}-rule` };
      const iam = test.iam(accounts.owner);
      const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand(name));
      await iam.send(new DeleteRolePolicyCommand(name));
      return {
        async repair() {
          await iam.send(
            new PutRolePolicyCommand({ ...name, PolicyDocument: decodeURIComponent(PolicyDocument) }),
          );
        },
      };
    },
  };
}

function refusing(
  requestHandler: RequestHandler,
  refused: Map<string, (times: number) => boolean>,
): RequestHandler {
  const times = new Map<string, number>();
  return {
    ...requestHandler,
    handle(request) {
      const operation = request.headers["x-amz-target"]?.split(".").at(-1) ?? request.path;
      const before = times.get(operation) ?? 0;
      times.set(operation, before + 1);
      if (refused.get(operation)?.(before) !== true) return requestHandler.handle(request);
      const body = JSON.stringify({ __type: "AccessDeniedException", message: "not for people" });
      return Promise.resolve({
        response: {
          statusCode: 400,
          headers: { "content-type": "application/x-amz-json-1.0" },
          body: new TextEncoder().encode(body),
        },
      });
    },
  };
}

/** SageMaker's event about a card. */
export function stateChangeOf(modelCardArn: string): object {
  return { ...SageMakerModelCardStateChange.sample, resources: [modelCardArn] };
}

/** CloudTrail's event about a card, whole, with what a call may hold of its content. */
export function callOf(name: string): object {
  const { detail, ...sample } = ModelCardCallViaCloudTrail.sample;
  const requestParameters = { modelCardName: name, content: '{"secret":"content"}' };
  return { ...sample, account: accounts.owner, region, detail: { ...detail, requestParameters } };
}

/** EventBridge's event of a schedule. */
export const scheduled = {
  version: "0",
  id: "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
  "detail-type": "Scheduled Event",
  source: "aws.events",
  account: accounts.owner,
  time: "2026-01-01T00:00:00Z",
  region,
  resources: [`arn:aws:events:${region}:${accounts.owner}:rule/cardway-sweep`],
  detail: {},
};

/** Times and ids, which are others at every run, as ones that stay. */
export function withoutChance(output: string): string {
  const ids = new Map<string, string>();
  return output
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "2026-01-01T00:00:00.000Z")
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => {
      const known = ids.get(id) ?? `00000000-0000-4000-8000-${String(ids.size + 1).padStart(12, "0")}`;
      ids.set(id, known);
      return known;
    });
}
