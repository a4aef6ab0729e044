// Loaded into a measured process before its own program: answers the process that started it what memory it holds.
const megabyte = 1024 * 1024;

process.on("message", () => {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  process.send?.({
    rssMb: rss / megabyte,
    heapMb: heapUsed / megabyte,
    peakRssMb: process.resourceUsage().maxRSS / 1024,
  });
});
// The question alone must not keep the program running.
process.channel?.unref();
