import { AsyncLocalStorage } from "node:async_hooks";

/** The hook that opens a region failed. A bug, whatever the cause is, and so never answered as the cause. */
class RegionNotOpenedError extends Error {
  override readonly name = "RegionNotOpenedError";
}

/** Regions of the local endpoint, each opened once, by `onRegion`, before the first call in it. */
export function createRegions(onRegion: ((region: string) => Promise<void>) | undefined) {
  const opened = new Map<string, Promise<void>>();
  const opening = new AsyncLocalStorage<string>();

  async function openNow(region: string): Promise<void> {
    try {
      await opening.run(region, async () => onRegion?.(region));
    } catch (error) {
      opened.delete(region);
      throw new RegionNotOpenedError(`${region} could not be opened`, { cause: error });
    }
  }

  return {
    /** Resolves once the region is open. Rejects where `onRegion` does; the next call then tries again. */
    async open(region: string): Promise<void> {
      // What `onRegion` itself calls in the region must not wait for its own end.
      if (opening.getStore() === region) return;
      const open = opened.get(region) ?? openNow(region);
      opened.set(region, open);
      await open;
    },
  };
}
