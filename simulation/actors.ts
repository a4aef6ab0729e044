import { IAMClient } from "@aws-sdk/client-iam";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateResourceShareCommand, RAMClient } from "@aws-sdk/client-ram";
import {
  CreateModelCardCommand,
  DeleteModelCardCommand,
  SageMakerClient,
  UpdateModelCardCommand,
} from "@aws-sdk/client-sagemaker";
import {
  ListExecutionsCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { deploymentOf, stateMachineArn, sweepStateMachineArn } from "../stacks/definitions/deployment.ts";
import { accounts, cardArn, pageUrl, region } from "./accounts.ts";
import { NoHash, type SdkRequest } from "./function-host.ts";
import type { Action } from "./plan.ts";
import { approverIds, settingsOf } from "./settings.ts";
import { widenReader } from "./widen-reader.ts";
import type { World } from "./world.ts";

/** How soon after a decision was sent somebody may edit the card, in milliseconds. */
const longestEditMs = 600;

/** How long somebody looks at a page before deciding, in milliseconds. */
const readingMs = 20_000;

/** AWS's tools in the hands of one account. */
interface Clients {
  sageMaker: SageMakerClient;
  stepFunctions: SFNClient;
  ram: RAMClient;
  lambda: LambdaClient;
  iam: IAMClient;
}

/** The people of a schedule, and AWS's own tools in their hands: clients are built once for many schedules. */
export class Actors {
  private current: World | undefined;
  /** Whether what was deployed last has retired the shares of what it took out. */
  private isRetired = true;
  private mendReader: () => Promise<void> = () => Promise.resolve();
  private readonly clients = new Map<string, Clients>();

  /** Does what is planned. What AWS refuses is refused to a person, who leaves it at that. */
  async perform(action: Action): Promise<void> {
    const world = this.running;
    world.tell(`* ${describe(action)}`);
    try {
      await this.carryOut(action, world);
    } catch (error) {
      if (!(error instanceof Error) || !("$metadata" in error)) throw error;
      world.tell(`* refused: ${error.name}`);
    }
  }

  /** What a deployment does besides; where it fails, whoever deploys runs it again. */
  async retireShares(): Promise<void> {
    if (this.isRetired) return;
    const { FunctionError } = await this.clientsOf(accounts.owner).lambda.send(
      new InvokeCommand({
        FunctionName: "cardway-retire-shares",
        Payload: JSON.stringify({ tf: { action: "update" } }),
      }),
    );
    this.isRetired = FunctionError === undefined;
    this.running.tell(`* the deployment ${this.isRetired ? "has retired shares" : "has failed"}`);
  }

  /** Starts a sweep as an operator does. */
  async sweep(): Promise<void> {
    const { stepFunctions } = this.clientsOf(accounts.owner);
    await stepFunctions.send(
      new StartExecutionCommand({ stateMachineArn: sweepStateMachineArn(this.deployment) }),
    );
  }

  clientsOf(accountId: string): Clients {
    const known = this.clients.get(accountId);
    if (known !== undefined) return known;
    const config = {
      region,
      endpoint: "http://aws.test",
      credentials: { accessKeyId: accountId, secretAccessKey: "any" },
      requestHandler: {
        metadata: { handlerProtocol: "direct" },
        handle: (request: SdkRequest) => this.running.handle(accountId, request),
        updateHttpClientConfig() {},
        httpHandlerConfigs: () => ({}),
        destroy() {},
      },
      sha256: NoHash,
      maxAttempts: 1,
    };
    const made = {
      sageMaker: new SageMakerClient(config),
      stepFunctions: new SFNClient(config),
      ram: new RAMClient(config),
      lambda: new LambdaClient(config),
      iam: new IAMClient(config),
    };
    this.clients.set(accountId, made);
    return made;
  }

  /** Takes part in another schedule. */
  enter(world: World): void {
    this.current = world;
    this.isRetired = true;
    this.mendReader = () => Promise.resolve();
  }

  private get running(): World {
    if (this.current === undefined) throw new TypeError("No schedule is running");
    return this.current;
  }

  private get deployment() {
    return deploymentOf(this.running.settings, pageUrl, region);
  }

  private async carryOut(action: Action, world: World): Promise<void> {
    const { sageMaker, stepFunctions } = this.clientsOf("by" in action ? action.by : accounts.owner);
    switch (action.kind) {
      case "create-card":
        await sageMaker.send(
          new CreateModelCardCommand({
            ModelCardName: action.card,
            ModelCardStatus: action.status,
            Content: contentOf(action.risk, world),
          }),
        );
        return;
      case "set-status":
        await sageMaker.send(
          new UpdateModelCardCommand({ ModelCardName: cardArn(action.card), ModelCardStatus: action.status }),
        );
        return;
      case "edit-card":
        await sageMaker.send(
          new UpdateModelCardCommand({
            ModelCardName: cardArn(action.card),
            Content: contentOf("Low", world),
          }),
        );
        return;
      case "delete-card":
        await sageMaker.send(new DeleteModelCardCommand({ ModelCardName: action.card }));
        return;
      case "decide":
        // A person takes a while, in which all else goes on.
        for (const approverId of action.together ? approverIds : [action.approverId]) {
          void decide({ ...action, approverId }, world, () => {
            if (action.edited) this.editSoon(action.card, world);
          });
        }
        return;
      case "open-links":
        void openLinks(action.card, world);
        return;
      case "look":
        await stepFunctions.send(
          new StartExecutionCommand({
            stateMachineArn: stateMachineArn(this.deployment),
            input: JSON.stringify({ modelCardArn: cardArn(action.card), reason: "looked at by hand" }),
          }),
        );
        return;
      case "share-by-hand":
        world.isMeddledWith = true;
        await this.clientsOf(accounts.owner).ram.send(
          new CreateResourceShareCommand({
            name: "by-hand",
            principals: [accounts.prod],
            resourceArns: [cardArn(action.card)],
            allowExternalPrincipals: true,
          }),
        );
        return;
      case "widen-reader":
        if (world.readerWidenedAt !== undefined) return;
        this.mendReader = await widenReader(this.clientsOf(accounts.prod).iam);
        world.readerWidenedAt = world.clock.now().getTime();
        world.wasReaderWidened = true;
        return;
      case "mend-reader":
        await this.mendReader();
        world.readerWidenedAt = undefined;
        return;
      case "deploy":
        world.settings = settingsOf({ ...world.plan.settings, test: action.test });
        world.isDeployedAnew = true;
        this.isRetired = false;
        void this.retireShares();
        return;
      case "sweep":
        await this.sweep();
        return;
      case "redrive":
        for (const executionArn of await this.executions("FAILED")) {
          await stepFunctions.send(new RedriveExecutionCommand({ executionArn }));
        }
        return;
      case "stop": {
        const running = await this.executions("RUNNING");
        const executionArn = running[action.position % Math.max(1, running.length)];
        if (executionArn !== undefined) await stepFunctions.send(new StopExecutionCommand({ executionArn }));
      }
    }
  }

  private editSoon(card: string, world: World): void {
    world.clock.after(world.random.between("edit soon", 1, longestEditMs), () => {
      void this.perform({ kind: "edit-card", card, by: accounts.owner });
    });
  }

  private async executions(statusFilter: "FAILED" | "RUNNING"): Promise<string[]> {
    const { executions = [] } = await this.clientsOf(accounts.owner).stepFunctions.send(
      new ListExecutionsCommand({ stateMachineArn: stateMachineArn(this.deployment), statusFilter }),
    );
    return executions.flatMap(({ executionArn }) => executionArn ?? []);
  }
}

function describe({ kind, ...rest }: Action): string {
  return [kind, ...Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`)].join(" ");
}

function contentOf(risk: "Low" | "High", world: World): string {
  return JSON.stringify({
    intended_uses: { risk_rating: risk },
    additional_information: { custom_details: { draft: world.random.id("content") } },
  });
}

/** The links in the mails about a card, oldest first. */
export function linksTo(card: string, { cloud }: World, address?: string): string[] {
  return cloud.ses
    .messages()
    .filter(({ Subject }) => Subject.includes(card))
    .filter(({ Destination }) => address === undefined || Destination.ToAddresses.includes(address))
    .flatMap(
      ({ Body }) => /http:\/\/approvals\.test(\/approvals\/\S+)/.exec(Body.text_part ?? "")?.[1] ?? [],
    );
}

async function decide(
  { card, approverId, approve, link: which }: Extract<Action, { kind: "decide" }>,
  world: World,
  onSend: () => void,
): Promise<void> {
  const address = world.settings.approvers.find(({ id }) => id === approverId)?.address;
  const links = linksTo(card, world, address);
  const link = which === "newest" ? links.at(-1) : links[0];
  if (link === undefined) return;
  const opened = await world.page("look").request(`${pageUrl}${link}`);
  const hidden = [...(await opened.text()).matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
  await world.wait(world.random.between("reading", 1, readingMs));
  const form = new URLSearchParams({
    ...Object.fromEntries(hidden.map(([, name = "", value = ""]) => [name, value])),
    decision: approve ? "approve" : "reject",
    comment: "Because.",
  });
  const headers = { origin: pageUrl };
  onSend();
  const answer = await world
    .page("decide")
    .request(`${pageUrl}${link}`, { method: "POST", headers, body: form });
  world.tell(`* ${approverId} was answered ${answer.status}`);
}

/** What a mail scanner does. */
async function openLinks(card: string, world: World): Promise<void> {
  for (const link of linksTo(card, world)) {
    for (const method of ["HEAD", "GET"]) await world.page("look").request(`${pageUrl}${link}`, { method });
  }
}
