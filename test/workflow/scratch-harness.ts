// @ts-nocheck
import { createTestCloud } from "./test-cloud.ts";
import { functions } from "../../stacks/functions.ts";

const modules = new Map<string, any>();
for (const { handlerPath } of functions)
  modules.set(handlerPath, await import(new URL(`../../${handlerPath}`, import.meta.url).href));

export function gate() {
  let open!: () => void;
  const promise = new Promise<void>((r) => (open = r));
  return { promise, open };
}

/** hook(folder, operation, phase, body) may await or throw. `start(folder,event)` before the handler runs. */
export function hooked(options: any = {}) {
  const hooks: any = { call: undefined, start: undefined, trace: [] as string[] };
  const loadModule = async (path: string) => {
    const mod = modules.get(path);
    const folder = path.split("/")[1];
    const start = (runtime: any) => {
      const inner = runtime.requestHandler;
      const requestHandler = inner && {
        ...inner,
        handle: async (request: any, o: any) => {
          const target = request.headers["x-amz-target"] ?? request.headers["X-Amz-Target"];
          const op = target ? target.split(".").pop() : request.path;
          await hooks.call?.(folder, op, "before", request);
          const out = await inner.handle(request, o);
          await hooks.call?.(folder, op, "after", request);
          return out;
        },
      };
      const fn = mod.handler.start({ ...runtime, requestHandler });
      return async (event: any, context: any) => {
        hooks.trace.push(folder);
        await hooks.start?.(folder, event);
        return fn(event, context);
      };
    };
    return { ...mod, handler: Object.assign((e: any, c: any) => mod.handler(e, c), { start }) };
  };
  const test = createTestCloud({ ...options, loadModule });
  return { test, hooks };
}
export async function spin(n = 400) { for (let i = 0; i < n; i++) await new Promise((r) => setImmediate(r)); }
export async function pass(test: any, rounds = 60, ms = 1) { for (let i = 0; i < rounds; i++) { await spin(100); await test.clock.advance(ms); } }
export async function rest(test: any, open = 0, step = 500, rounds = 400) {
  for (let i = 0; i < rounds; i++) {
    await spin(120);
    const running = (await test.executions()).filter((e: any) => e.status === "RUNNING");
    if (running.length <= open && i > 10) return running.length;
    await test.clock.advance(step);
  }
  return "NOT AT REST";
}
