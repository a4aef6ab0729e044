import type { LocalContext } from "../context.ts";
import { type DurableMap, durableMap } from "../journal/durable-map.ts";
import { AwsError } from "../wire/aws-error.ts";
import type { Call } from "../wire/caller.ts";
import type { SortKey } from "../wire/page.ts";
import { exportJobArn } from "./export-job-arn.ts";
import { type ModelCardReference, modelCardArn } from "./model-card-arn.ts";

/** One export of a version of a card, as a PDF. It belongs to the account of the card, whoever asked for it. */
export interface ExportJob {
  arn: string;
  name: string;
  card: ModelCardReference;
  version: number;
  /** Where the PDF is to go, for example `s3://bucket/exports`. */
  outputPath: string;
  status: "InProgress" | "Completed" | "Failed";
  createdAt: Date;
  lastModifiedAt: Date;
  /** When the PDF is there. */
  completionTime: Date;
  /** Who asked for it, in whose name the PDF is written. */
  call: Call;
  /** Where the PDF is, once it is. */
  artifacts?: string;
  failureReason?: string;
}

export type ExportJobOrder = "Name" | "CreationTime" | "Status";

/** All export jobs of all accounts and Regions. */
export class ExportJobStore {
  private readonly jobs: DurableMap<ExportJob>;
  /** By the ARN of their card. */
  private readonly ofCards = new Map<string, Set<ExportJob>>();
  private readonly running = new Set<ExportJob>();

  constructor(context: Pick<LocalContext, "journal">) {
    this.jobs = durableMap(context, "sagemaker/export-jobs");
    for (const job of this.jobs.values()) this.index(job);
  }

  find(arn: string): ExportJob | undefined {
    return this.jobs.get(arn);
  }

  /** @throws {AwsError} `ConflictException` where the card has a job of that name. */
  add(job: Omit<ExportJob, "arn" | "status" | "lastModifiedAt">): ExportJob {
    const arn = exportJobArn(job.card, job.name);
    if (this.jobs.has(arn)) {
      throw new AwsError("ConflictException", `Modelcard export job ${job.name} already exists`);
    }
    const added: ExportJob = { ...job, arn, status: "InProgress", lastModifiedAt: job.createdAt };
    this.jobs.set(arn, added);
    this.index(added);
    return added;
  }

  /** Ends a job; one whose card has gone meanwhile has gone too. */
  end(job: ExportJob, end: { artifacts: string } | { failureReason: string }, lastModifiedAt: Date): void {
    this.running.delete(job);
    if (this.find(job.arn) !== job) return;
    Object.assign(job, end, { lastModifiedAt, status: "artifacts" in end ? "Completed" : "Failed" });
    this.jobs.touch(job.arn);
  }

  /** In no particular order. */
  ofCard(card: ModelCardReference): ExportJob[] {
    return [...(this.ofCards.get(modelCardArn(card)) ?? [])];
  }

  /** The jobs that have not ended yet. */
  underWay(): ExportJob[] {
    return [...this.running];
  }

  /** A card takes its jobs with it. */
  removeOf(card: ModelCardReference): void {
    for (const job of this.ofCard(card)) {
      this.jobs.delete(job.arn);
      this.running.delete(job);
    }
    this.ofCards.delete(modelCardArn(card));
  }

  private index(job: ExportJob): void {
    const cardArn = modelCardArn(job.card);
    this.ofCards.set(cardArn, (this.ofCards.get(cardArn) ?? new Set()).add(job));
    if (job.status === "InProgress") this.running.add(job);
  }
}

/** What a list of a card's jobs is sorted by; no two of them share it. */
export function exportJobSortKey({ name, createdAt, status }: ExportJob, order: ExportJobOrder): SortKey {
  if (order === "Name") return [name];
  return order === "Status" ? [status, name] : [createdAt.getTime(), name];
}
