import type { LocalContext } from "../context.ts";
import { DurableMap } from "../journal/durable-map.ts";
import { AwsError } from "../wire/aws-error.ts";
import { executionArn, parseArn } from "./arn.ts";
import type { Engine } from "./engine/engine.ts";
import { historyLimit } from "./engine/history.ts";
import { RunningExecution } from "./engine/running-execution.ts";
import { exceedsPayloadLimit, parseJsonText } from "./json.ts";
import type { ExecutionRecord, StateMachineRecord } from "./records.ts";
import { executionDoesNotExist, stateMachineDeleting } from "./refusals.ts";
import { StartOrder } from "./start-order.ts";
import { checkName, type StateMachines } from "./state-machines.ts";

/** An execution got another status. */
export interface ExecutionChange {
  executionArn: string;
  stateMachineArn: string;
  name: string;
  status: ExecutionRecord["status"];
  startDate: Date;
  stopDate?: Date;
}

const dayMs = 24 * 60 * 60 * 1000;
/** A closed execution's name can be used again after this time. */
const nameReservationMs = 90 * dayMs;
const redrivablePeriodMs = 14 * dayMs;
/** A repeated redrive with the same client token gets the first answer within this time. */
const clientTokenMs = 15 * 60 * 1000;

/** The executions of all accounts and regions: running ones, and as many finished ones as are kept. */
export class Executions {
  private readonly records: DurableMap<ExecutionRecord, StoredExecution>;
  private readonly running = new Map<string, RunningExecution>();
  private readonly orders = new Map<string, StartOrder>();
  /** Finished executions per account and region, the longest finished first. */
  private readonly finished = new Map<string, Set<ExecutionRecord>>();
  private readonly listeners = new Set<(change: ExecutionChange) => void>();
  private readonly context: LocalContext;
  private readonly engine: Engine;
  private readonly stateMachines: StateMachines;
  private readonly keepFinished: number;

  constructor(engine: Engine, stateMachines: StateMachines, keepFinished: number) {
    this.engine = engine;
    this.context = engine.context;
    this.stateMachines = stateMachines;
    this.keepFinished = keepFinished;
    this.records = new DurableMap(this.context.journal, "states/executions", {
      write: (record) => ({ ...record, revision: stateMachines.revisionId(record.revision) }),
      read: (stored) => ({ ...stored, revision: stateMachines.storedRevision(stored.revision) }),
      growing: "history",
    });
    const records = [...this.records.values()];
    for (const record of records.toSorted((a, b) => a.sequence - b.sequence)) {
      this.orderOf(record.stateMachineArn).add(record);
    }
    for (const record of records.toSorted((a, b) => stopMs(a) - stopMs(b))) {
      if (record.status !== "RUNNING") this.finishedIn(record).add(record);
    }
  }

  /** Goes on with the executions that an earlier process has left. */
  resume(): void {
    for (const record of this.records.values()) {
      if (record.status !== "RUNNING" || this.running.has(record.arn)) continue;
      this.prepared(record, this.stateMachines.get(record.stateMachineArn)).resume();
    }
  }

  /**
   * Starts an execution. The same name with the same input answers with the execution that runs already.
   *
   * @throws {AwsError} `StateMachineDoesNotExist`, `StateMachineDeleting`, `InvalidName`, `InvalidExecutionInput`,
   *   `ExecutionAlreadyExists`.
   */
  start(request: {
    stateMachineArn: string;
    input: string;
    name?: string | undefined;
    traceHeader?: string | undefined;
  }): ExecutionRecord {
    const machine = this.stateMachines.get(request.stateMachineArn);
    if (machine.isDeleting) throw stateMachineDeleting(machine.arn);
    const name = request.name ?? this.context.newId();
    checkName(name);
    if (parseJsonText(request.input) === undefined || exceedsPayloadLimit(request.input)) {
      throw new AwsError(
        "InvalidExecutionInput",
        "Invalid State Machine Execution Input: 'Invalid execution input.'",
      );
    }
    const arn = executionArn(machine.arn, name);
    const existing = this.records.get(arn);
    if (existing !== undefined) {
      if (existing.status === "RUNNING" && existing.input === request.input) return existing;
      if (!this.isNameFree(existing)) {
        throw new AwsError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
      }
      this.forget(existing);
    }
    const order = this.orderOf(machine.arn);
    const record: ExecutionRecord = {
      arn,
      name,
      stateMachineArn: machine.arn,
      stateMachineName: machine.name,
      accountId: machine.accountId,
      region: machine.region,
      revision: machine.revision,
      input: request.input,
      status: "RUNNING",
      startDate: this.context.clock.now(),
      ...(request.traceHeader !== undefined && { traceHeader: request.traceHeader }),
      redriveCount: 0,
      redriveTokens: {},
      history: [],
      sequence: order.nextSequence(),
    };
    this.records.set(arn, record);
    order.add(record);
    this.runs(record, machine).start();
    return record;
  }

  /** @throws {AwsError} `ExecutionNotRedrivable`. */
  redrive(record: ExecutionRecord, clientToken: string | undefined): Date {
    const now = this.context.clock.now();
    const earlier = clientToken === undefined ? undefined : record.redriveTokens[clientToken];
    if (earlier !== undefined && now.getTime() - earlier.getTime() < clientTokenMs) return earlier;
    const reason = this.whyNotRedrivable(record);
    if (reason !== undefined) throw new AwsError("ExecutionNotRedrivable", reason);
    const machine = this.stateMachines.get(record.stateMachineArn);
    this.finished.get(placeOf(record))?.delete(record);
    delete record.stopDate;
    delete record.error;
    delete record.cause;
    record.status = "RUNNING";
    record.redriveCount += 1;
    record.redriveDate = now;
    if (clientToken !== undefined) record.redriveTokens[clientToken] = now;
    this.records.touch(record.arn);
    this.runs(record, machine).redrive();
    return now;
  }

  /** The reason in AWS's words; nothing where a redrive is possible. */
  whyNotRedrivable(record: ExecutionRecord): string | undefined {
    const { status, stopDate, history, stateMachineArn } = record;
    if (status === "RUNNING" || status === "SUCCEEDED")
      return `Execution is ${status} and cannot be redriven`;
    if (this.stateMachines.find(stateMachineArn)?.isDeleting !== false) {
      return "State machine is in DELETING status";
    }
    if (history.length >= historyLimit - 1) return "Execution history event limit exceeded";
    const stoppedMs = stopDate?.getTime() ?? 0;
    if (this.context.clock.now().getTime() - stoppedMs > redrivablePeriodMs) {
      return "Execution redrivable period exceeded";
    }
    return undefined;
  }

  /** Stops an execution; one that has ended already stays as it is. */
  stop(record: ExecutionRecord, error: string | undefined, cause: string | undefined): Date {
    this.running.get(record.arn)?.stop(error, cause);
    return record.stopDate ?? this.context.clock.now();
  }

  /** @throws {AwsError} `InvalidArn`, `ExecutionDoesNotExist`. */
  get(arn: string): ExecutionRecord {
    parseArn(arn, "execution");
    const record = this.records.get(arn);
    if (record === undefined) throw executionDoesNotExist(arn);
    return record;
  }

  newestFirst(stateMachineArn: string, before?: number): Iterable<ExecutionRecord> {
    return this.orderOf(stateMachineArn).newestFirst(before);
  }

  /** Deletes a state machine: at once where nothing runs, else when its executions have ended at their next state. */
  deleteStateMachine(machine: StateMachineRecord): void {
    machine.isDeleting = true;
    this.stateMachines.changed(machine);
    this.finishDeletion(machine);
  }

  onChange(listener: (change: ExecutionChange) => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  private runs(record: ExecutionRecord, machine: StateMachineRecord): RunningExecution {
    const running = this.prepared(record, machine);
    this.announce(record);
    return running;
  }

  private prepared(record: ExecutionRecord, machine: StateMachineRecord): RunningExecution {
    const running = new RunningExecution({
      engine: this.engine,
      record,
      ...this.stateMachines.compiledRevision(record.revision),
      isStateMachineDeleting: () => machine.isDeleting,
      onChange: (what) => {
        if (what === "record") this.records.touch(record.arn);
        else this.records.grew(record.arn);
      },
      onEnd: () => this.ended(record, machine),
    });
    this.running.set(record.arn, running);
    return running;
  }

  private ended(record: ExecutionRecord, machine: StateMachineRecord): void {
    this.running.delete(record.arn);
    const finished = this.finishedIn(record).add(record);
    for (const oldest of finished) {
      if (finished.size <= this.keepFinished) break;
      this.forget(oldest);
    }
    this.announce(record);
    if (machine.isDeleting) this.finishDeletion(machine);
  }

  private finishDeletion(machine: StateMachineRecord): void {
    const executions = [...this.orderOf(machine.arn).newestFirst()];
    if (executions.some(({ status }) => status === "RUNNING")) return;
    for (const execution of executions) this.forget(execution);
    this.orders.delete(machine.arn);
    this.stateMachines.remove(machine);
  }

  private finishedIn(record: ExecutionRecord): Set<ExecutionRecord> {
    const finished = this.finished.get(placeOf(record)) ?? new Set();
    this.finished.set(placeOf(record), finished);
    return finished;
  }

  private forget(record: ExecutionRecord): void {
    this.finished.get(placeOf(record))?.delete(record);
    this.orders.get(record.stateMachineArn)?.remove(record);
    this.records.delete(record.arn);
  }

  private isNameFree({ stopDate }: ExecutionRecord): boolean {
    return (
      stopDate !== undefined && this.context.clock.now().getTime() - stopDate.getTime() > nameReservationMs
    );
  }

  private orderOf(stateMachineArn: string): StartOrder {
    const order = this.orders.get(stateMachineArn) ?? new StartOrder();
    this.orders.set(stateMachineArn, order);
    return order;
  }

  private announce({ arn, stateMachineArn, name, status, startDate, stopDate }: ExecutionRecord): void {
    for (const listener of this.listeners) {
      try {
        listener({
          executionArn: arn,
          stateMachineArn,
          name,
          status,
          startDate,
          ...(stopDate !== undefined && { stopDate }),
        });
      } catch (error) {
        this.context.log(`states: a listener failed: ${error instanceof Error ? error.name : "unknown"}`);
      }
    }
  }
}

/** An execution as it is written down: many share a revision, which is kept once. */
type StoredExecution = Omit<ExecutionRecord, "revision"> & { revision: string };

function stopMs({ stopDate }: ExecutionRecord): number {
  return stopDate?.getTime() ?? 0;
}

function placeOf({ accountId, region }: ExecutionRecord): string {
  return `${accountId}/${region}`;
}
