import { Worker } from "node:worker_threads";
import type { Answer, Question } from "./worker.ts";

/** Programs of the simulation that run beside each other, each one schedule at a time. */
export class Workers {
  private readonly workers: Worker[];

  private constructor(workers: Worker[]) {
    this.workers = workers;
  }

  /** @param bundle - Path of the bundled simulation. */
  static async start(bundle: string, count: number): Promise<Workers> {
    const workers = Array.from(
      { length: count },
      () =>
        new Worker(bundle, {
          execArgv: ["--enable-source-maps"],
          resourceLimits: { maxYoungGenerationSizeMb: 192 },
        }),
    );
    await Promise.all(workers.map((worker) => nextMessage(worker)));
    return new Workers(workers);
  }

  /**
   * Runs schedules until there are no more questions, as many at once as there are workers.
   *
   * @param onAnswer - Called in the order in which schedules end. `false` ends the run.
   */
  async run(questions: Iterator<Question>, onAnswer: (answer: Answer) => boolean): Promise<void> {
    let goesOn = true;
    const work = async (worker: Worker): Promise<void> => {
      while (goesOn) {
        const { value, done } = questions.next();
        if (done === true) return;
        const answer = await ask(worker, value);
        goesOn &&= onAnswer(answer);
      }
    };
    await Promise.all(this.workers.map(work));
  }

  /** Runs one schedule. */
  async one(question: Question): Promise<Answer> {
    const [worker] = this.workers;
    if (worker === undefined) throw new TypeError("There are no workers");
    return ask(worker, question);
  }

  async stop(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }
}

function ask(worker: Worker, question: Question): Promise<Answer> {
  const answered = nextMessage(worker);
  worker.postMessage(question);
  return answered;
}

/** @throws what ended the worker instead. */
function nextMessage(worker: Worker): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: Answer): void => {
      worker.off("error", onError);
      resolve(message);
    };
    const onError = (error: Error): void => {
      worker.off("message", onMessage);
      reject(error);
    };
    worker.once("message", onMessage);
    worker.once("error", onError);
  });
}
