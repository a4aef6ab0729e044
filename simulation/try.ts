const { Simulation } = await import("./run-schedule.ts");
const [from = "1", count = "1"] = process.argv.slice(2);
const simulation = await Simulation.start();
const begun = performance.now(),
  cpu0 = process.cpuUsage();
let bad = 0;
const kinds = new Map<string, number>();
for (let seed = Number(from); seed < Number(from) + Number(count); seed++) {
  const outcome = await simulation.run(seed);
  if (count === "1")
    console.log(JSON.stringify(outcome.plan, null, 1), "\n" + outcome.trace.join("\n"), outcome.fingerprint);
  if (outcome.violations.length) {
    bad++;
    for (const v of outcome.violations) {
      const k = `${v.invariant}: ${v.message.replace(/churn|fraud|price|[0-9a-f]{8}/g, "X")}`;
      kinds.set(k, (kinds.get(k) ?? 0) + 1);
    }
    if (bad < 400)
      console.log(seed, outcome.violations.map((v) => `${v.invariant}: ${v.message}`).join(" | "));
  }
}
const cpu = process.cpuUsage(cpu0);
console.log(
  "violating",
  bad,
  "ms/schedule",
  ((performance.now() - begun) / Number(count)).toFixed(1),
  "cpu",
  ((cpu.user + cpu.system) / 1000 / Number(count)).toFixed(1),
);
console.log(
  [...kinds]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 40)
    .map(([k, n]) => `${n} ${k}`)
    .join("\n"),
);
process.exit();
