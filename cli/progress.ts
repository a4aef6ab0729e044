/** Shows how far long work has come. */
export interface Progress {
  /** Whether anybody sees it: what is only worked out for it can be left out otherwise. */
  isShown: boolean;
  /**
   * @param total - How much there is in all, perhaps by estimate; 0 where that is not known.
   * @param noun - What is counted, for example `cards`.
   */
  show(done: number, total: number, noun: string): void;
  /** Takes it away. */
  end(): void;
}

const barLength = 24;

/** A bar on a terminal; nothing elsewhere. */
export function progressOn(stream: { isTTY?: boolean; write(text: string): unknown }): Progress {
  const isShown = stream.isTTY === true;
  let isThere = false;
  return {
    isShown,
    show(done, total, noun) {
      if (!isShown) return;
      isThere = true;
      stream.write(`\r\u001b[2K${progressText(done, total, noun)}`);
    },
    end() {
      if (isThere) stream.write("\r\u001b[2K");
      isThere = false;
    },
  };
}

/** Without a total only the count is known; one that was passed was an estimate. */
export function progressText(done: number, total: number, noun: string): string {
  if (total === 0 || done > total) return `${done} ${noun}`;
  const full = Math.floor((done / total) * barLength);
  return `${"█".repeat(full)}${"░".repeat(barLength - full)} ${done} of about ${total} ${noun}`;
}
