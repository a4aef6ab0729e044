import { createHash } from "node:crypto";
import type { LocalContext } from "../context.ts";
import { DurableMap, durableMap } from "../journal/durable-map.ts";
import { AwsError } from "../wire/aws-error.ts";
import { parseArn, stateMachineArn } from "./arn.ts";
import { checkDefinition } from "./definition/check-definition.ts";
import { describeDiagnostics } from "./definition/diagnostic.ts";
import type { StateMachineDefinition } from "./definition/state-machine-definition.ts";
import { compileWorkflow } from "./engine/compile-workflow.ts";
import type { Workflow } from "./engine/workflow.ts";
import { expressionCompiler } from "./jsonata/compile-expression.ts";
import type { Revision, StateMachineRecord } from "./records.ts";
import { stateMachineDeleting, stateMachineDoesNotExist } from "./refusals.ts";
import type { TaskResources } from "./task-resources.ts";

export interface Place {
  accountId: string;
  region: string;
}

/** A revision ready to run. */
export interface CompiledRevision {
  workflow: Workflow;
  timeoutSeconds: number | undefined;
}

/** No whitespace, no brackets, wildcards or special characters, no control characters. */
const namePattern = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;

/** @throws {AwsError} `InvalidName`. @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html */
export function checkName(name: string): void {
  if (!namePattern.test(name)) throw new AwsError("InvalidName", `Invalid Name: '${name}'`);
}

/** Definitions that were checked already: a process may hold many clouds with the same ones, and checking takes longest. */
const checkedBefore = new Map<string, ReturnType<typeof checkDefinition>>();
const mostCheckedBefore = 100;

/** The state machines of all accounts and regions. */
export class StateMachines {
  private readonly records: DurableMap<StateMachineRecord, StoredStateMachine>;
  /** By id. */
  private readonly revisions: DurableMap<Revision>;
  private readonly revisionIds = new WeakMap<Revision, string>();
  /** Made from the definition on first use, so that records stay plain data. */
  private readonly compiled = new WeakMap<Revision, CompiledRevision>();
  private readonly context: LocalContext;
  private readonly resources: TaskResources;

  constructor(context: LocalContext, resources: TaskResources) {
    this.context = context;
    this.resources = resources;
    this.revisions = durableMap(context, "states/revisions");
    for (const [id, revision] of this.revisions) this.revisionIds.set(revision, id);
    this.records = new DurableMap(context.journal, "states/machines", {
      write: (record) => ({ ...record, revision: this.revisionId(record.revision) }),
      read: (stored) => ({ ...stored, revision: this.storedRevision(stored.revision) }),
    });
  }

  /** To be called after a state machine was changed in place. */
  changed({ arn }: StateMachineRecord): void {
    this.records.touch(arn);
  }

  /** Under which the journal keeps a revision. */
  revisionId(revision: Revision): string {
    const known = this.revisionIds.get(revision);
    if (known !== undefined) return known;
    const id = createHash("sha256").update(JSON.stringify(revision)).digest("base64url");
    this.revisionIds.set(revision, id);
    this.revisions.set(id, revision);
    return id;
  }

  /** @throws for an id that the journal does not keep, which it does for every id that it has given out. */
  storedRevision(id: string): Revision {
    const revision = this.revisions.get(id);
    if (revision === undefined) throw new Error(`The journal keeps no revision ${id} of a state machine.`);
    return revision;
  }

  /**
   * Creates a state machine. Repeating the call with the same name and definition changes nothing, as in AWS.
   *
   * @throws {AwsError} `InvalidName`, `InvalidDefinition`, `StateMachineAlreadyExists`, `StateMachineDeleting`.
   */
  create(
    request: { name: string; definition: string; roleArn: string; tags?: Record<string, string> },
    { accountId, region }: Place,
  ): StateMachineRecord {
    const { name, definition, roleArn, tags = {} } = request;
    checkName(name);
    checkRoleArn(roleArn);
    const parsed = this.check(definition);
    const arn = stateMachineArn({ accountId, region }, name);
    const existing = this.records.get(arn);
    if (existing?.isDeleting) throw stateMachineDeleting(arn);
    if (existing !== undefined) {
      if (existing.revision.definition === definition) return existing;
      throw new AwsError("StateMachineAlreadyExists", `State Machine Already Exists: '${arn}'`);
    }
    const creationDate = this.context.clock.now();
    const record: StateMachineRecord = {
      arn,
      name,
      accountId,
      region,
      creationDate,
      isDeleting: false,
      revision: { definition, roleArn, updateDate: creationDate },
      tags: { ...tags },
    };
    this.compile(record.revision, parsed);
    this.records.set(arn, record);
    return record;
  }

  /**
   * Replaces definition or role. Executions that run keep what they were started with.
   *
   * @throws {AwsError} `InvalidDefinition`, `MissingRequiredParameter`, `StateMachineDeleting`.
   */
  update(record: StateMachineRecord, change: { definition?: string; roleArn?: string }): Revision {
    if (record.isDeleting) throw stateMachineDeleting(record.arn);
    if (change.definition === undefined && change.roleArn === undefined) {
      throw new AwsError(
        "MissingRequiredParameter",
        "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified",
      );
    }
    const { definition = record.revision.definition, roleArn = record.revision.roleArn } = change;
    checkRoleArn(roleArn);
    const parsed = this.check(definition);
    if (definition === record.revision.definition && roleArn === record.revision.roleArn)
      return record.revision;
    record.revision = {
      revisionId: this.context.newId(),
      definition,
      roleArn,
      updateDate: this.context.clock.now(),
    };
    this.compile(record.revision, parsed);
    this.records.touch(record.arn);
    return record.revision;
  }

  remove(record: StateMachineRecord): void {
    this.records.delete(record.arn);
  }

  find(arn: string): StateMachineRecord | undefined {
    return this.records.get(arn);
  }

  /** @throws {AwsError} `InvalidArn`, `StateMachineDoesNotExist`. */
  get(arn: string): StateMachineRecord {
    parseArn(arn, "stateMachine");
    const record = this.records.get(arn);
    if (record === undefined) throw stateMachineDoesNotExist(arn);
    return record;
  }

  /** By name, as AWS lists them. */
  list({ accountId, region }: Place): StateMachineRecord[] {
    return [...this.records.values()]
      .filter((record) => record.accountId === accountId && record.region === region)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  compiledRevision(revision: Revision): CompiledRevision {
    return this.compiled.get(revision) ?? this.compile(revision, this.check(revision.definition));
  }

  private compile(revision: Revision, definition: StateMachineDefinition): CompiledRevision {
    const compiled = {
      workflow: compileWorkflow(definition, {
        compileExpression: expressionCompiler(this.context),
        resource: (arn) => this.resources.get(arn),
      }),
      timeoutSeconds: definition.TimeoutSeconds,
    };
    this.compiled.set(revision, compiled);
    if (this.context.journal !== undefined) this.revisionId(revision);
    return compiled;
  }

  private check(definition: string): StateMachineDefinition {
    const checked = checkedBefore.get(definition) ?? checkDefinition(definition, this.resources);
    if (checkedBefore.size < mostCheckedBefore) checkedBefore.set(definition, checked);
    if ("definition" in checked) return checked.definition;
    throw new AwsError("InvalidDefinition", describeDiagnostics(checked.faults));
  }
}

type StoredStateMachine = Omit<StateMachineRecord, "revision"> & { revision: string };

function checkRoleArn(roleArn: string): void {
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/.test(roleArn)) {
    throw new AwsError("InvalidArn", `Invalid Role Arn: '${roleArn}'`);
  }
}
