import type { LocalContext } from "./context.ts";
import { type DurableMap, durableMap } from "./journal/durable-map.ts";

/**
 * What was deployed last, by the kind, the Region and the name of each resource. As with a deployment to AWS, only a
 * definition that differs from the last one is put: what was changed by hand since then stays.
 */
export class DeployedDefinitions {
  private readonly last: DurableMap<string>;

  constructor(context: Pick<LocalContext, "journal">) {
    this.last = durableMap(context, "deployment/definitions");
  }

  /** Puts a definition where it is new or another one than the last time. */
  put(key: string, definition: unknown, put: () => void): void {
    const text = JSON.stringify(definition);
    if (this.last.get(key) === text) return;
    put();
    this.last.set(key, text);
  }

  /** Makes a resource whose definition cannot change. */
  make(key: string, make: () => void): void {
    this.put(key, true, make);
  }

  /** Removes what was deployed under a prefix and is defined no more. */
  removeOthers(prefix: string, names: readonly string[], remove: (name: string) => void): void {
    for (const key of this.last.keys()) {
      const name = key.startsWith(prefix) ? key.slice(prefix.length) : undefined;
      if (name === undefined || names.includes(name)) continue;
      remove(name);
      this.last.delete(key);
    }
  }
}
