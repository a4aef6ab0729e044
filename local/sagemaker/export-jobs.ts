import { describeUnexpected } from "../endpoint/unexpected-error.ts";
import type { LocalContext } from "../context.ts";
import type { NewObject } from "../s3/s3.ts";
import { AwsError } from "../wire/aws-error.ts";
import type { Call } from "../wire/caller.ts";
import type { ExportJob, ExportJobStore } from "./export-job-store.ts";
import { type ModelCardStore, versionOf } from "./model-card-store.ts";

/** Writes an object in the name of whoever calls. */
export type PutObject = (object: NewObject, call: Call) => Promise<void>;

/** Lets export jobs come to their end when their time has come. */
export class ExportJobs {
  private readonly context: LocalContext;
  private readonly cards: ModelCardStore;
  private readonly jobs: ExportJobStore;
  private readonly putObject: PutObject;

  constructor(context: LocalContext, cards: ModelCardStore, jobs: ExportJobStore, putObject: PutObject) {
    this.context = context;
    this.cards = cards;
    this.jobs = jobs;
    this.putObject = putObject;
  }

  start(job: ExportJob): void {
    const { clock } = this.context;
    clock.after(job.completionTime.getTime() - clock.now().getTime(), () => void this.complete(job));
  }

  /** Goes on with the jobs that an earlier process has left under way. */
  resume(): void {
    for (const job of this.jobs.underWay()) this.start(job);
  }

  private async complete(job: ExportJob): Promise<void> {
    try {
      const artifacts = await this.exported(job);
      this.jobs.end(job, { artifacts }, this.context.clock.now());
    } catch (error) {
      const isRefusal = error instanceof AwsError;
      if (!isRefusal) this.context.log(`sagemaker: export: unexpected ${describeUnexpected(error)}`);
      const failureReason = isRefusal ? error.message.slice(0, 1024) : "Internal failure.";
      this.jobs.end(job, { failureReason }, this.context.clock.now());
    }
  }

  /** @returns where the PDF is. */
  private async exported(job: ExportJob): Promise<string> {
    // Fonts and a PDF's maker take their time to load, and most who start this never export anything.
    const { modelCardPdf } = await import("./pdf/model-card-pdf.ts");
    const card = this.cards.get(job.card);
    const content = await modelCardPdf(card, versionOf(card, job.version), this.context.clock.now());
    const { bucket, key } = exportedObject(job);
    await this.putObject({ bucket, key, content, contentType: "application/pdf" }, job.call);
    return `s3://${bucket}/${key}`;
  }
}

/** Where a job's PDF goes. AWS's example of a policy has the name of the card in it, and no more is said. */
function exportedObject({ outputPath, card, name }: ExportJob): { bucket: string; key: string } {
  const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/?(.*?)\/?$/.exec(outputPath) ?? [];
  const folder = prefix === "" ? "" : `${prefix}/`;
  return { bucket, key: `${folder}${card.name}/${name}.pdf` };
}
