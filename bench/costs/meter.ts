import type { Context } from "aws-lambda";
import * as z from "zod";
import type { LambdaHandler } from "../../functions/runtime/lambda-handler.ts";
import type { LocalCloud } from "../../local/cloud.ts";
import { table } from "../../stacks/definitions/table.ts";

/** What one function did. */
export interface FunctionCounts {
  invocations: number;
  /** Invocations for which no environment of this step was free. */
  coldStarts: number;
  /** AWS calls that it made. */
  calls: number;
  /** Time in the handler without the time in its calls, on this machine. */
  computeMs: number;
}

type RequestHandler = LocalCloud["requestHandler"];
type SdkRequest = Parameters<RequestHandler["handle"]>[0];

const HandlerModuleSchema = z.object({
  handler: z.custom<LambdaHandler>((value) => typeof value === "function" && "start" in value),
});
const UnitsSchema = z.object({ CapacityUnits: z.number() });
/** One call's consumption; a transaction's, by table. */
const ConsumedSchema = z.object({
  ConsumedCapacity: z.union([UnitsSchema.transform((units) => [units]), z.array(UnitsSchema)]),
});
const ItemSchema = z.record(z.string(), z.unknown());
/** What a call writes: one item, or those of a transaction. */
const WrittenSchema = z.union([
  z.object({ Item: ItemSchema }).transform(({ Item }) => [Item]),
  z
    .object({ TransactItems: z.array(z.object({ Put: z.object({ Item: ItemSchema }) })) })
    .transform(({ TransactItems }) => TransactItems.map(({ Put }) => Put.Item)),
]);
/** An item with such an attribute is in an index. */
const indexKeys = (table.GlobalSecondaryIndexes ?? []).flatMap(
  ({ KeySchema = [] }) => KeySchema.find(({ KeyType }) => KeyType === "HASH")?.AttributeName ?? [],
);
const EntriesSchema = z.object({
  Entries: z.array(z.object({ Source: z.string(), DetailType: z.string(), Detail: z.string() })),
});

/** EventBridge's own members around a detail: id, time, account, Region, the card's ARN; their size in bytes, about. */
const envelopeBytes = 400;
const chunkBytes = 65_536;

/** Counts what functions do to AWS, between them and the local endpoint. */
export class Meter {
  readonly functions: Record<string, FunctionCounts> = {};
  readonly detailTypes: string[] = [];
  readUnits = 0;
  writeUnits = 0;
  kmsRequests = 0;
  mails = 0;
  events = 0;
  eventBytes = 0;
  /** Invocations that have started so far, and those of them that have not ended. */
  started = 0;
  underWay = 0;
  private readonly free = new Map<string, number>();
  private readonly modules = new Map<string, Promise<unknown>>();

  /** Lambda has put every environment away, as it does within minutes: a person's next step comes hours later. */
  everythingCold(): void {
    this.free.clear();
  }

  /** The module of a function whose invocations and calls are counted. It is loaded once: later it is there without a pause. */
  watch(handlerPath: string, direct: RequestHandler): Promise<unknown> {
    const loaded = this.modules.get(handlerPath) ?? this.load(handlerPath, direct);
    this.modules.set(handlerPath, loaded);
    return loaded;
  }

  private async load(handlerPath: string, direct: RequestHandler): Promise<unknown> {
    const { handler } = HandlerModuleSchema.parse(
      await import(new URL(`../../${handlerPath}`, import.meta.url).href),
    );
    const folder = handlerPath.split("/")[1] ?? "";
    const counts = (this.functions[folder] ??= { invocations: 0, coldStarts: 0, calls: 0, computeMs: 0 });
    const requestHandler: RequestHandler = {
      ...direct,
      handle: async (request) => {
        const startedAt = performance.now();
        const answer = await this.pass(request, direct);
        counts.calls += 1;
        counts.computeMs -= performance.now() - startedAt;
        return answer;
      },
    };
    const start: LambdaHandler["start"] = (runtime) => {
      const started = handler.start({ ...runtime, requestHandler });
      return (event, context) => this.invoke(folder, counts, () => started(event, context));
    };
    return {
      handler: Object.assign((event: unknown, context: Context) => handler(event, context), { start }),
    };
  }

  private async invoke(
    folder: string,
    counts: FunctionCounts,
    run: () => Promise<unknown>,
  ): Promise<unknown> {
    const free = this.free.get(folder) ?? 0;
    if (free === 0) counts.coldStarts += 1;
    this.free.set(folder, Math.max(0, free - 1));
    counts.invocations += 1;
    this.started += 1;
    this.underWay += 1;
    const startedAt = performance.now();
    try {
      return await run();
    } finally {
      counts.computeMs += performance.now() - startedAt;
      this.underWay -= 1;
      this.free.set(folder, (this.free.get(folder) ?? 0) + 1);
    }
  }

  private async pass(request: SdkRequest, direct: RequestHandler): ReturnType<RequestHandler["handle"]> {
    const [service = "", operation = ""] = (request.headers["x-amz-target"] ?? "").split(".");
    if (service.startsWith("DynamoDB")) return this.passToTable(request, operation, direct);
    if (service.startsWith("Trent")) this.kmsRequests += 1;
    if (request.path.endsWith("/outbound-emails")) this.mails += 1;
    if (operation === "PutEvents") {
      for (const { DetailType, Detail } of EntriesSchema.parse(JSON.parse(textOf(request.body))).Entries) {
        const bytes = Buffer.byteLength(Detail) + envelopeBytes;
        this.events += Math.ceil(bytes / chunkBytes);
        this.eventBytes += bytes;
        this.detailTypes.push(DetailType);
      }
    }
    return direct.handle(request);
  }

  /**
   * The table itself says what a call consumed, once it is asked, but not in its indexes: there each item takes one unit an index,
   * because what they hold of it is short. One that does not change in an index would take none there.
   */
  private async passToTable(request: SdkRequest, operation: string, direct: RequestHandler) {
    const asked: object = { ...JSON.parse(textOf(request.body)), ReturnConsumedCapacity: "TOTAL" };
    const answer = await direct.handle({ ...request, body: JSON.stringify(asked) });
    const consumed = ConsumedSchema.safeParse(JSON.parse(textOf(answer.response.body)));
    // A condition that fails consumes what the write would have, and is answered without a number.
    const units =
      consumed.data?.ConsumedCapacity.reduce((sum, { CapacityUnits }) => sum + CapacityUnits, 0) ??
      Math.ceil(textOf(request.body).length / 1024);
    if (operation === "PutItem" || operation === "TransactWriteItems") {
      const inIndexes = WrittenSchema.parse(asked).flatMap((item) => indexKeys.filter((key) => key in item));
      this.writeUnits += units + inIndexes.length;
    } else this.readUnits += units;
    return answer;
  }
}

function textOf(body: unknown): string {
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body);
}
